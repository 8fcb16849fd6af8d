"""Amounts in English: their units, and what is asked about them."""

AMOUNTS = {
    "amount.which": "This can be read in more than one way. Which one do you mean?",
    "amount.unreadable": "Write an amount: 4.5, 1/2 teaspoon or a pinch, for example.",
    "amount.unreadable_number": "Enter a number.",
    "amount.no_weight": "Nobody can tell what this weighs. Write it in grams or in spoons.",
    "amount.no_density": "It is not known what a spoon of this spice weighs. Write it in grams,"
    " or weigh one spoon on the jar’s page.",
    "amount.unverified": "What a spoon of this spice weighs is a guess. Use it, or write grams?",
    "amount.unusual": "{amount} is far more than ever before. Is it right?",
    "amount.unusual_spoon": "One of these usually weighs {least} to {most}, and you wrote {amount}."
    " Is it right?",
    "amount.unusual_level": "By the stock there are {booked}, and {amount} is far more. Is it"
    " right?",
    "amount.unusual_rate": "The rate before was {before}, and {amount} is far from it. Is it"
    " right?",
    "amount.unusual_fall": "About {expected} should have come out, and you wrote {amount}. Is it"
    " right?",
    "amount.over_capacity": "With {amount} the jar would have {inside}, and {capacity} fit in. Is"
    " it"
    " right?",
    "amount.under_stock": "The jar has {stock}, and you wrote that {amount} fit in. Is it right?",
    "amount.small": "{amount} is less than jar {jar} can dispense well: the smallest dose that"
    " comes"
    " out right is {smallest}. Use it anyway?",
    "cook.small": "That is little for jar {jar}: the smallest dose that comes out right is"
    " {smallest}.",
    "recipe.amounts_hint": "For all people together, in grams, spoons or pinches: 4.5 or"
    " 2 teaspoons.",
    "amount.yes": "Yes, {amount}",
    "unit.piece": "pieces",
    "unit.piece.one": "piece",
    "unit.pinch": "pinches",
    "unit.pinch.one": "pinch",
    "unit.dash": "dashes",
    "unit.dash.one": "dash",
    "unit.coffee_spoon": "coffee spoons",
    "unit.coffee_spoon.one": "coffee spoon",
    "unit.teaspoon": "teaspoons",
    "unit.teaspoon.one": "teaspoon",
    "unit.dessert_spoon": "dessert spoons",
    "unit.dessert_spoon.one": "dessert spoon",
    "unit.tablespoon": "tablespoons",
    "unit.tablespoon.one": "tablespoon",
    "unit.fluid_ounce": "fluid ounces",
    "unit.fluid_ounce.one": "fluid ounce",
    "unit.coffee_cup": "espresso cups",
    "unit.coffee_cup.one": "espresso cup",
    "unit.cup": "cups",
    "unit.cup.one": "cup",
    "unit.glass": "glasses",
    "unit.glass.one": "glass",
    "unit.handful": "handfuls",
    "unit.handful.one": "handful",
}
