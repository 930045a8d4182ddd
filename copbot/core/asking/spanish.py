"""Spanish."""

from copbot.core.asking.language import language

_REQUESTS = (
    r"(?:cómo|como) (?:puedo|podemos|se puede|se hace|hago|hacen|hacer|puede|podría)\b",
    r"alguien (?:sabe|tiene|conoce|ha|puede|podría|podria|usa|me|que sepa|con experiencia)\b",
    r"(?:pueden|puede|puedes|podrían|podrías|podría) (?:ayudar|ayudarme|ayudarnos|decirme|explicar|recomendar|"
    r"compartir|echar)",
    r"(?:me|nos) (?:puede|pueden|puedes|podría|podrían|podrías) (?:ayudar|decir|explicar|recomendar|orientar)",
    r"necesit(?:o|amos) (?:ayuda|saber|un consejo|orientación|una mano)\b",
    r"(?:saben|sabes|sabéis) (?:si|cómo|como|dónde|donde|qué|cuál)\b",
    r"(?:hay|existe) alguna? (?:forma|manera|modo|herramienta)\b",
    r"alguna (?:idea|sugerencia|recomendación|recomendacion|experiencia)\b",
    r"(?:busco|estoy buscando|estamos buscando|no sé (?:cómo|por qué|qué|si)|no entiendo|no (?:logro|consigo|"
    r"puedo))\b",
    r"(?:qué|que) (?:opinan|opináis|piensan|recomiendan|me recomiendan|les parece)\b",
    r"(?:agradecería|agradezco) (?:cualquier|su|una|sus|toda)\b",
    r"(?:por favor|porfa) (?:ayuda|ayúdenme|ayúdame|díganme|expliquen)\b",
)
_OPENINGS = (
    r"¿?(?:cómo|qué|cuál(?:es)?|dónde|cuándo|quién(?:es)?|por qué|cuánt[oa]s?) (?:es|son|está|están|se|puedo|"
    r"hay|tal|hacen|usan|tengo|debo|significa)",
)
_IDLE = (
    r"¿?\s*(?:qué tal(?: están| estáis| estás)?|cómo (?:están|estáis|estás|va)|todo bien)"
    r"(?:,? (?:todo|todos|todas|amigos|chicos|por aquí))*\W*[?]+",
    r"¿?\s*(?:quién sabe|y qué|por qué no|qué más da)\W*[?]+",
    r"¿?\s*(?:quieres|quieren|te interesa|les interesa|buscas|te gustaría)\b[^?\n]{0,80}[?]\W*(?:únete|únanse|"
    r"inscríbete|inscríbanse|participa|ven|vengan|escríbeme|escríbenos|contacta)",
    r"¿?\s*quién (?:quiere|viene|se apunta|se anima)[^?\n]{0,80}[?]*",
    r"(?:no dud(?:es|en|éis) en|si (?:tienen|tienes|tenéis) (?:alguna |cualquier |más )?(?:dudas?|preguntas?|"
    r"problemas?|sugerencias?))[^.!?,\n]*[?]*",
)

SPANISH = language(
    "cómo como alguien pued podr sé necesit saben sabes sabéis algun busc entiendo logro consigo "
    "opin piensan recomiend parece agradec favor porfa",
    _REQUESTS,
    _IDLE,
    _OPENINGS,
    r"hola|buenos días|buenas(?: tardes| noches)?|a todos|a todas|compañeros|equipo|gracias",
)
