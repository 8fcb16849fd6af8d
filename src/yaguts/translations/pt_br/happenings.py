"""What happened to a dispenser, in Portuguese."""

HAPPENINGS = {
    "happening.power_on": "Foi ligado",
    "happening.hard_reset": "Foi reiniciado, ou reiniciou após uma falha do chip",
    "happening.watchdog": "Travou e reiniciou sozinho",
    "happening.soft_reset": "Foi reiniciado por um comando",
    "happening.started": "Iniciou",
    "happening.restarted": "Recomeçou após um erro ({first} em seguida)",
    "happening.heard": "Conectou-se ao servidor após {first} s",
    "happening.heard_signal": "Conectou-se ao servidor após {first} s, sinal de {second} dBm",
    "happening.no_answer": "O servidor deixou de responder",
    "happening.token_refused": "O servidor o recusou: é preciso vinculá-lo de novo",
    "happening.wrong_dates": "Pelo relógio dele, o certificado do servidor não vale",
    "happening.finished": "Terminou o pedido {first}",
    "happening.finished_partly": "Encerrou o pedido {first}; doses que falharam: {second}",
    "happening.stopped": "O pedido {first} foi parado pelo botão",
    "happening.report_refused": "O servidor recusou o relatório do pedido {first} ({second})",
    "happening.code_refused": "O código para vincular estava errado ou vencido",
    "happening.held": "Alguém segurou o botão para configurá-lo",
    "happening.unknown": "Algo que este servidor não conhece",
}
