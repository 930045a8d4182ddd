"""Portuguese, of Brazil and of Portugal."""

from copbot.core.asking.language import language

_REQUESTS = (
    r"como (?:faço|fazer|posso|podemos|se faz|eu faço|eu posso|vocês|é que|consigo)\b",
    r"algu[eé]m (?:sabe|tem|conhece|já|ja|pode|poderia|podia|usa|aqui|consegue|me)\b",
    r"(?:pode|podem|poderia|poderiam|podes|podia) (?:me |nos )?(?:ajudar|dizer|explicar|recomendar|indicar|"
    r"compartilhar)",
    r"(?:preciso|precisamos|precisava) (?:de )?(?:ajuda|saber|um conselho|uma dica|uma mão|orientação)\b",
    r"(?:sabem|sabe|vocês sabem|você sabe) (?:se|como|onde|qual|quando|por que)\b",
    r"(?:existe|há|ha|tem) algum(?:a)? (?:forma|maneira|jeito|modo|ferramenta|dica)\b",
    r"alguma (?:ideia|sugestão|sugestao|recomendação|dica|experiência)\b",
    r"(?:estou|estamos) (?:procurando|à procura|buscando|com (?:dúvida|problema|dificuldade))",
    r"(?:gostaria|gostava) de (?:saber|ouvir|entender|perceber)\b",
    r"(?:não (?:sei (?:como|por que|se|qual)|entendo|consigo|estou conseguindo))\b",
    r"(?:o que (?:acham|vocês acham|pensam)|qual (?:é )?a (?:melhor|diferença))\b",
    r"(?:por favor|pfv|pf),? (?:ajudem|me ajudem|ajuda|expliquem)\b",
    r"(?:tenho uma dúvida|uma dúvida)\b",
)
_OPENINGS = (
    r"(?:como|o que|qual|quais|onde|quando|quem|por que|porque|quant[oa]s?) (?:é|são|está|estão|se|posso|eu|"
    r"vocês|fica|faço|tem|há|significa|devo)\b",
)
_IDLE = (
    r"(?:tudo (?:bem|bom|certo|joia)|como (?:vai|vão|estão|está)(?: isso)?|beleza)"
    r"(?:,? (?:tudo|vocês|pessoal|gente|galera|todos|por aí))*\W*[?]+",
    r"(?:quem sabe|e daí|por que não|porque não|sabe o que)\W*[?]+",
    r"(?:quer|querem|gostaria|tem interesse|interessad[oa]s?)\b[^?\n]{0,80}[?]\W*(?:participe|inscreva|venha|"
    r"venham|junte|entre em|responda|clique)",
    r"quem (?:quer|vem|topa|anima)[^?\n]{0,80}[?]*",
    r"(?:não hesitem?|fiquem? à vontade|se (?:tiver|tiverem|houver) (?:alguma |qualquer |mais )?(?:dúvidas?|"
    r"perguntas?|problemas?|sugestões))[^.!?,\n]*[?]*",
)

PORTUGUESE = language(
    "como alg pode podia precis sabe estou estamos gosta não acham pensam qual favor pfv dúvida",
    _REQUESTS,
    _IDLE,
    _OPENINGS,
    r"olá|ola|oi|bom dia|boa tarde|boa noite|pessoal|gente|galera|a todos|obrigad[oa]",
)
