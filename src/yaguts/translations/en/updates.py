"""The firmware of a dispenser on its page, in English."""

TEXTS = {
    "update.runs": "Runs",
    "update.release": "release {release}, version {version}",
    "update.version": "version {version}",
    "update.by_cable": "version {version}, put there by cable",
    "update.offered": "Offered",
    "update.newest": "Newest",
    "update.latest": "Release {release}",
    "update.so_far": "Status",
    "update.nothing": "Nothing newer is published for this dispenser.",
    "update.now_offered": "It takes it between two orders, checks it, and goes back to the one"
    " before by itself if it does not work.",
    "update.when": "{percent} % of the dispensers, at least one, get it now; more are chosen in {n}"
    " h at the earliest.",
    "update.state.chosen": "Not begun yet.",
    "update.state.fetching": "It is being fetched.",
    "update.state.waiting": "It has been fetched and waits for an order to end.",
    "update.state.untried": "On trial; it goes back by itself if it does not work.",
    "update.state.confirmed": "It works.",
    "update.state.refused": "Refused:",
    "update.state.fell_back": "It went back to the one before:",
    "update.state.bad": "It went back to the one before:",
    "update.why.first_firmware": "Firmware 0.1 takes no update over the network, and works here as"
    " it is. How it moves to 0.2, once, by cable: “From firmware 0.1, and back” in docs/build.md.",
    "update.why.virtual": "It runs on a computer, not on a board, and gets newer firmware together"
    " with the Yaguts of that computer.",
    "update.why.not_told": "This firmware has not said yet whether it takes updates over the"
    " network. If this does not change, update it with a USB cable, at a computer:",
    "update.why.no_key": "The board holds no public key, so it takes no update over the network."
    " Whoever makes the releases puts theirs there with a USB cable, at a computer:",
    "update.why.other_key": "The newest release is signed by a key that the board does not hold."
    " Whoever makes the releases puts theirs there with a USB cable, at a computer:",
    "update.why.bytecode": "The newest release is for another kind of MicroPython. It does not"
    " come over the network, but with a USB cable, at a computer:",
    "update.why.micropython": "The newest release needs MicroPython {needs} or newer. It does not"
    " come over the network, but with a USB cable, at a computer:",
    "update.file": "FILE",
    "update.why.server": "The newest release does not work with this version of the server. Update"
    " the server first.",
    "update.why.expired": "The newest release has expired. Whoever publishes has to sign another.",
    "update.why.stays": "It stays at the release that it runs, as you asked.",
    "update.why.left": "This board has tried the release and gone back. It does not try it again.",
    "update.why.refused": "The board refused the newest release; the reason is above. When that is"
    " mended, press “Update now”.",
    "update.why.halted": "The release is halted and goes to no dispenser:",
    "update.why.not_yet": "A few dispensers are first, and this one is not among them.",
    "update.now": "Update now",
    "update.stay": "Stay on this one",
    "update.go_on": "Take newer ones again",
    "update.try_first": "Get them before others do",
    "update.try_with_all": "Get them with all others",
}
