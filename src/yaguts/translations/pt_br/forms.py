"""Forms that are sent late, twice or on a page that is not right any more, in Portuguese."""

FORMS = {
    "sending.lost": "Sem resposta do servidor. O que você escreveu está aqui e será enviado assim"
    " que der.",
    "sending.late": "O servidor ainda não responde. O que você escreveu está aqui; envie quando"
    " a conexão voltar.",
    "sending.ended": "Sua sessão terminou. O que você escreveu fica guardado neste navegador"
    " enquanto você entra de novo.",
    "sending.ended_here": "Sua sessão terminou. Entre de novo em outra aba, volte a esta e envie: o"
    " que você escreveu fica aqui.",
    "sending.again": "O que você escreveu está aqui de novo. Confira e envie.",
    "sending.now": "Enviar agora",
    "sending.not": "Não enviar",
    "sending.to_sign_in": "Entrar de novo",
    "sending.sign_in": "Sua sessão terminou. Entre de novo: o que você escreveu está guardado.",
    "resend.again": "Isto já foi enviado",
    "resend.again_more": "A mesma página já foi enviada e registrada uma vez. Nada foi feito de"
    " novo.",
    "resend.again_go": "Enviar mais uma vez",
    "resend.see": "Ver o que foi feito",
    "resend.kept": "O que você escreveu está guardado",
    "resend.kept_more": "A sessão tinha terminado quando você enviou, e nada foi feito ainda.",
    "resend.kept_go": "Enviar agora",
    "resend.leave": "Deixar para lá",
    "stale.order": "A receita ou os frascos mudaram enquanto esta página estava aberta",
    "stale.order_more": "Nada foi pedido. Confira e peça de novo, se é isso mesmo.",
    "stale.part": "{spice}: a página mostrava {before}, agora são {now}.",
    "stale.part_new": "{spice}: a página não mostrava, agora são {now}.",
    "stale.part_gone": "{spice}: a página mostrava {before}, agora não há.",
    "stale.by_hand": "{spice} (à mão)",
    "stale.recipe": "Alguém mudou esta receita enquanto você a editava",
    "stale.recipe_more": "Nada foi salvo ainda: abaixo está o que você escreveu.",
    "stale.recipe_gone": "Alguém apagou esta receita enquanto você a editava. Se você salvar, ela"
    " será criada de novo.",
    "stale.saved": "Salvo agora: {value}",
    "stale.saved_parts": "Temperos salvos agora:",
    "stale.mine": "Salvar o que eu escrevi",
    "stale.theirs": "Ficar com o que está salvo",
    "stale.jar": "Este frasco mudou enquanto a página estava aberta: ela mostrava {before}, agora"
    " está com {now}. Confira o que você escreveu e envie de novo, se é isso mesmo.",
    "stale.nothing": "nada",
}
