"""The names of common spices, which the pages propose."""

from yaguts.translations import Language

_NAMES = (
    # Portuguese, English
    ("Açafrão", "Saffron"),
    ("Açúcar", "Sugar"),
    ("Aipo em pó", "Celery powder"),
    ("Alecrim", "Rosemary"),
    ("Alho em pó", "Garlic powder"),
    ("Anis-estrelado", "Star anise"),
    ("Bicarbonato de sódio", "Baking soda"),
    ("Cacau em pó", "Cocoa powder"),
    ("Canela em pó", "Ground cinnamon"),
    ("Cardamomo", "Cardamom"),
    ("Cebola em pó", "Onion powder"),
    ("Cebolinha seca", "Dried chives"),
    ("Chimichurri", "Chimichurri"),
    ("Coentro em pó", "Ground coriander"),
    ("Colorau", "Annatto powder"),
    ("Cominho", "Cumin"),
    ("Cravo", "Cloves"),
    ("Cúrcuma", "Turmeric"),
    ("Curry", "Curry powder"),
    ("Endro", "Dill"),
    ("Erva-doce", "Fennel seed"),
    ("Estragão", "Tarragon"),
    ("Feno-grego", "Fenugreek"),
    ("Fermento em pó", "Baking powder"),
    ("Garam masala", "Garam masala"),
    ("Gengibre em pó", "Ground ginger"),
    ("Gergelim", "Sesame seed"),
    ("Hortelã seca", "Dried mint"),
    ("Lemon pepper", "Lemon pepper"),
    ("Louro", "Bay leaf"),
    ("Manjericão", "Basil"),
    ("Manjerona", "Marjoram"),
    ("Mostarda em pó", "Mustard powder"),
    ("Noz-moscada", "Nutmeg"),
    ("Orégano", "Oregano"),
    ("Páprica defumada", "Smoked paprika"),
    ("Páprica doce", "Sweet paprika"),
    ("Páprica picante", "Hot paprika"),
    ("Pimenta", "Pepper"),
    ("Pimenta-branca", "White pepper"),
    ("Pimenta-caiena", "Cayenne pepper"),
    ("Pimenta-calabresa", "Chili flakes"),
    ("Pimenta-da-jamaica", "Allspice"),
    ("Pimenta-do-reino", "Black pepper"),
    ("Pimenta-síria", "Baharat"),
    ("Sal", "Salt"),
    ("Salsa seca", "Dried parsley"),
    ("Sálvia", "Sage"),
    ("Semente de papoula", "Poppy seed"),
    ("Sumagre", "Sumac"),
    ("Tomilho", "Thyme"),
    ("Urucum", "Annatto"),
    ("Zaatar", "Za’atar"),
)
_PLACE: dict[Language, int] = {"pt_BR": 0, "en": 1}


def common_spices(language: Language) -> tuple[str, ...]:
    """The names in this language."""
    return tuple(names[_PLACE[language]] for names in _NAMES)
