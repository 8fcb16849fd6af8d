"""The texts of the obstacles to an order, in Brazilian Portuguese."""

TEXTS = {
    "reason.no_jar": "Nenhum frasco tem {spice}.",
    "reason.out_of_reach": (
        "O frasco {jar} está fora de alcance: a placa deste dispensador só move os frascos 1 a 4."
    ),
    "reason.not_calibrated": "O frasco {jar} ({spice}) não está calibrado.",
    "reason.too_little": "O frasco {jar} ({spice}) tem {present}, e são necessários {needed}.",
    "reason.not_empty": "O frasco {jar} ainda tem {present}: esvazie-o ou pese-o antes.",
    "reason.too_long": "O frasco {jar} ({spice}) ficaria aberto por {seconds}; o limite é 180 s.",
    "reason.too_small": "A quantidade de {spice} é pequena demais para ser dosada.",
}
