"""The firmware of a dispenser on its page, in Portuguese."""

TEXTS = {
    "update.runs": "Em uso",
    "update.release": "lançamento {release}, versão {version}",
    "update.version": "versão {version}",
    "update.by_cable": "versão {version}, gravada por cabo",
    "update.offered": "Oferecido",
    "update.newest": "Mais novo",
    "update.latest": "Lançamento {release}",
    "update.so_far": "Situação",
    "update.nothing": "Não há nada mais novo publicado para este dispensador.",
    "update.now_offered": "Ele o recebe entre dois pedidos, confere e, se não funcionar, volta"
    " sozinho ao anterior.",
    "update.when": "Agora vai a {percent} % dos dispensadores, pelo menos um; outros são escolhidos"
    " daqui a {n} h, no mínimo.",
    "update.state.chosen": "Ainda não começou.",
    "update.state.fetching": "Está sendo recebido.",
    "update.state.waiting": "Já foi recebido e espera um pedido terminar.",
    "update.state.untried": "Em teste; volta sozinho ao anterior se não funcionar.",
    "update.state.confirmed": "Funciona.",
    "update.state.refused": "Recusado:",
    "update.state.fell_back": "Voltou ao anterior:",
    "update.state.bad": "Voltou ao anterior:",
    "update.why.first_firmware": "O firmware 0.1 não se atualiza pela rede e funciona aqui como"
    " está. Como passa para o 0.2, uma vez, pelo cabo: “Do firmware 0.1 ao 0.2, e de volta” em"
    " docs/pt/montar.md.",
    "update.why.virtual": "Ele roda em um computador, não em uma placa, e recebe firmware novo"
    " junto com o Yaguts desse computador.",
    "update.why.not_told": "Este firmware ainda não disse se pode se atualizar pela rede. Se isto"
    " não mudar, ele é atualizado com um cabo USB, em um computador:",
    "update.why.no_key": "A placa não tem chave pública e por isso não se atualiza pela rede. Quem"
    " faz os lançamentos grava a sua com um cabo USB, em um computador:",
    "update.why.other_key": "O lançamento mais novo está assinado por uma chave que a placa não"
    " tem. Quem faz os lançamentos grava a sua com um cabo USB, em um computador:",
    "update.why.bytecode": "O lançamento mais novo é para outro tipo de MicroPython. Ele não vem"
    " pela rede, e sim com um cabo USB, em um computador:",
    "update.why.micropython": "O lançamento mais novo precisa do MicroPython {needs} ou mais novo."
    " Ele não vem pela rede, e sim com um cabo USB, em um computador:",
    "update.file": "ARQUIVO",
    "update.why.server": "O lançamento mais novo não funciona com esta versão do servidor."
    " Atualize antes o servidor.",
    "update.why.expired": "O lançamento mais novo venceu. Quem publica precisa assinar outro.",
    "update.why.stays": "Fica no lançamento em uso, como você pediu.",
    "update.why.left": "Esta placa experimentou o lançamento e voltou atrás. Não tenta de novo.",
    "update.why.refused": "A placa recusou o lançamento mais novo; o motivo está acima. Quando"
    " estiver resolvido, aperte “Atualizar agora”.",
    "update.why.halted": "O lançamento está suspenso e não vai a nenhum dispensador:",
    "update.why.not_yet": "Alguns dispensadores vão primeiro, e este não está entre eles.",
    "update.now": "Atualizar agora",
    "update.stay": "Ficar neste",
    "update.go_on": "Voltar a receber os mais novos",
    "update.try_first": "Receber antes dos outros",
    "update.try_with_all": "Receber junto com todos",
}
