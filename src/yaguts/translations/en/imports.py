"""Recipes that come and go, and what their cooks add by hand, in English."""

IMPORTS = {
    "import.pasted": "Paste a recipe",
    "import.pasted_hint": "Its name, and each ingredient in a line of its own; or the HTML of a"
    " page.",
    "import.links": "Or only its link: Yaguts opens it.",
    "import.no_links": "Of a link: open it, select the whole page, and copy it.",
    "import.file_hint": "Of Yaguts, Mealie, Tandoor, Nextcloud Cookbook, Paprika, JSON of"
    " schema.org or a page of HTML; at most 4 MB.",
    "import.title": "Import recipes",
    "import.bad_text": "This text holds no recipe.",
    "import.fault.unreadable": "This is too much to read, or it is broken. Copy the text of the"
    " recipe, and paste it.",
    "import.fault.busy": "Other recipes are being read. Try again in a minute.",
    "import.fault.not_allowed": "This server opens no links. Open the link, select the whole page,"
    " copy it, and paste it here.",
    "import.fault.bad_link": "This address cannot be opened: it has to begin with http:// or"
    " https://, without a port or a name and password.",
    "import.fault.private": "This link leads into a private network, which Yaguts does not enter."
    " Open it, copy the text, and paste it here.",
    "import.fault.unreachable": "Nobody answers at this address. Check the link, or copy the text"
    " of the page.",
    "import.fault.timeout": "The page takes too long. Open the link, copy the text, and paste it"
    " here.",
    "import.fault.refused": "This site does not give the page to Yaguts. Open the link, copy the"
    " text, and paste it here.",
    "import.fault.redirects": "This link leads on too many times. Open it, copy the text, and"
    " paste it here.",
    "import.fault.too_large": "The page is too large. Open the link, copy the text, and paste it"
    " here.",
    "import.choose": "{n} recipes: which ones?",
    "import.choose.one": "One recipe",
    "import.choose_go": "Look at the chosen ones",
    "import.choose_all": "Look at all {n}",
    "import.none_chosen": "Choose at least one recipe.",
    "import.full": "The file has {n} or more; no more than these are read at once.",
    "import.lines": "{n} lines",
    "import.lines.one": "1 line",
    "import.nameless": "A recipe without a name",
    "import.skip": "Leave this recipe out",
    "import.machine": "The dispenser adds",
    "import.machine_hint": "Grams, for all people together. Correct them here.",
    "import.asked": "Not understood",
    "import.asked_hint": "Choose, or write the grams. Without an amount, you add it by hand.",
    "import.hand": "You add by hand",
    "import.hand_hint": "Kept with the recipe as it is written here.",
    "import.line": "The recipe says “{line}”.",
    "import.to_hand": "I add it by hand",
    "import.to_machine": "The dispenser adds it",
    "import.why.unsure": "It can mean several amounts.",
    "import.why.no_amount": "It says no amount.",
    "import.why.density": "Nobody has weighed a spoon of this spice.",
    "import.why.too_little": "It is less than 0.001 g.",
    "import.why.too_much": "It is more than 500 g.",
    "import.save": "Save {n} recipes",
    "import.save.one": "Save recipe",
    "import.saved": "{n} recipes are saved.",
    "import.saved.one": "One recipe is saved.",
    "import.later": "{n} more of those that you chose come after these.",
    "import.later.one": "One more of those that you chose comes after these.",
    "cook.hand_lines": "You add by hand, for {people}",
    "recipe.hand": "You add by hand",
    "recipe.hand_hint": "An ingredient a line, as you like to read it: no jar is asked for it.",
    "recipe.hand_too_long": "At most 100 lines of 200 characters.",
    "export.all": "Download all recipes:",
    "export.ours": "for Yaguts",
    "export.schema_org": "for other programs (schema.org)",
}
