"""The texts of the obstacles to an order, in English."""

TEXTS = {
    "reason.no_jar": "No jar holds {spice}.",
    "reason.out_of_reach": (
        "Jar {jar} is out of reach: the board of this dispenser moves jars 1 to 4 only."
    ),
    "reason.not_calibrated": "Jar {jar} ({spice}) is not calibrated.",
    "reason.too_little": "Jar {jar} ({spice}) holds {present}, and {needed} are needed.",
    "reason.not_empty": "Jar {jar} still holds {present}: empty or weigh it first.",
    "reason.too_long": "Jar {jar} ({spice}) would be open for {seconds}; the limit is 180 s.",
    "reason.too_small": "The amount of {spice} is too small to dispense.",
}
