"""Quantidades em português: as unidades e o que se pergunta sobre elas."""

AMOUNTS = {
    "amount.which": "Isto pode ser lido de mais de uma forma. Qual delas vale?",
    "amount.unreadable": "Escreva uma quantidade: 4,5 g, 1/2 colher de chá ou uma pitada.",
    "amount.unreadable_number": "Informe um número.",
    "amount.no_weight": "Não se sabe quanto isto pesa. Escreva em gramas ou em colheres.",
    "amount.no_density": "Não se sabe quanto pesa uma colher deste tempero. Escreva em gramas,"
    " ou pese uma colher na página do frasco.",
    "amount.unverified": "O peso de uma colher deste tempero é uma estimativa. Usar, ou escrever em"
    " gramas?",
    "amount.unusual": "{amount} é muito mais do que já houve. Está certo?",
    "amount.unusual_spoon": "Uma destas costuma pesar de {least} a {most}, e você escreveu"
    " {amount}."
    " Está certo?",
    "amount.unusual_level": "Pelo estoque há {booked}, e {amount} é muito mais. Está certo?",
    "amount.unusual_rate": "A vazão de antes era {before}, e {amount} é muito diferente. Está"
    " certo?",
    "amount.unusual_fall": "Deviam sair uns {expected}, e você escreveu {amount}. Está certo?",
    "amount.over_capacity": "Com {amount} o frasco teria {inside}, e nele cabem {capacity}. Está"
    " certo?",
    "amount.under_stock": "O frasco tem {stock}, e você escreveu que cabem {amount}. Está certo?",
    "amount.small": "{amount} é menos do que o frasco {jar} consegue dosar bem: a menor dose que"
    " sai"
    " certa é {smallest}. Usar mesmo assim?",
    "cook.small": "É pouco para o frasco {jar}: a menor dose que sai certa é {smallest}.",
    "recipe.amounts_hint": "Para todas as pessoas juntas, em gramas, colheres ou pitadas: 4,5 ou 2"
    " colheres de chá.",
    "amount.yes": "Sim, {amount}",
    "unit.piece": "unidades",
    "unit.piece.one": "unidade",
    "unit.pinch": "pitadas",
    "unit.pinch.one": "pitada",
    "unit.dash": "toques",
    "unit.dash.one": "toque",
    "unit.coffee_spoon": "colheres de café",
    "unit.coffee_spoon.one": "colher de café",
    "unit.teaspoon": "colheres de chá",
    "unit.teaspoon.one": "colher de chá",
    "unit.dessert_spoon": "colheres de sobremesa",
    "unit.dessert_spoon.one": "colher de sobremesa",
    "unit.tablespoon": "colheres de sopa",
    "unit.tablespoon.one": "colher de sopa",
    "unit.fluid_ounce": "onças fluidas",
    "unit.fluid_ounce.one": "onça fluida",
    "unit.coffee_cup": "xícaras de cafezinho",
    "unit.coffee_cup.one": "xícara de cafezinho",
    "unit.cup": "xícaras",
    "unit.cup.one": "xícara",
    "unit.glass": "copos",
    "unit.glass.one": "copo",
    "unit.handful": "punhados",
    "unit.handful.one": "punhado",
}
