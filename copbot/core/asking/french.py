"""French."""

from copbot.core.asking.language import language

_REQUESTS = (
    r"comment (?:faire|puis-je|peut-on|pourrais-je|fait-on|faites-vous|est-ce|ça marche|on fait|je (?:peux|fais))",
    r"est-ce (?:que|qu['’])",
    r"(?:quelqu['’]un|qqn|quelques? personnes?) (?:sait|connaît|connait|a|peut|pourrait|aurait|utilise|"
    r"saurait|aurais|d['’]entre)\b",
    r"(?:savez|pouvez|pourriez|auriez|avez|connaissez|utilisez|faites|êtes)-vous\b",
    r"(?:peux|pourrais|sais|connais|as|aurais)-tu\b",
    r"(?:y a-t-il|existe-t-il|a-t-on|peut-on|puis-je|faut-il|doit-on|dois-je)\b",
    r"(?:j['’]ai |nous avons |ai )?besoin (?:d['’]aide|de conseils?|d['’]un conseil|d['’]un coup de main|"
    r"de votre aide)\b",
    r"(?:des|une|vos) (?:idées?|suggestions?|recommandations?|avis|retours?|conseils?) (?:pour|sur|à)\b",
    r"je (?:cherche|me demande|ne sais pas (?:comment|pourquoi|quel|où|si)|n['’]arrive pas à|ne comprends pas)\b",
    r"(?:merci|pouvez-vous|pourriez-vous) (?:de (?:m['’]aider|me dire|nous dire|me conseiller|m['’]expliquer))",
    r"(?:quelle est|quel est|quelles sont|quels sont) (?:la|le|les) (?:meilleure?|bonne?|différence)",
    r"un (?:avis|conseil|coup de main) (?:sur|pour)\b",
    r"(?:aidez-moi|aide svp|help svp)\b",
)
_OPENINGS = (
    r"(?:(?:comment|pourquoi|où|quand|qui|combien|quel(?:le)?s?|que|qu['’]est-ce) (?:est|sont|fait|faut|peut|"
    r"doit|puis|on|ça|utilis|conna)|qu['’]est-ce qu)",
)
_IDLE = (
    r"(?:(?:comment )?(?:ça|ca) va|comment (?:allez[- ]vous|vas[- ]tu|tu vas)|quoi de neuf)"
    r"(?:,? (?:bien|tous|à tous|tout le monde|les amis))*\W*[?]+",
    r"(?:qui sait|allez savoir|pourquoi pas|vous savez quoi|et alors)\W*[?]+",
    r"(?:envie|intéressée?s?|prêts?|besoin|curieux)\b[^?\n]{0,80}[?]\W*(?:rejoignez|venez|inscrivez|contactez|"
    r"répondez|cliquez|participez)",
    r"qui (?:veut|vient|est partant)[^?\n]{0,80}[?]*",
    r"(?:n'hésitez pas|faites[- ]moi signe|dites[- ]le)[^.!?,\n]*[?]*",
    r"si vous avez (?:des |une |la moindre )?(?:questions?|remarques?|problèmes?|suggestions?)[^.!?,\n]*[?]*",
)

FRENCH = language(
    "comment est-ce quel qqn -vous -tu -t-il peut-on -je a-t-on faut-il doit-on besoin idées suggestions recommand avis retours conseil "
    "je pouvez merci coup aide",
    _REQUESTS,
    _IDLE,
    _OPENINGS,
    r"bonjour|salut|bonsoir|coucou|merci|à tous|à toutes",
)
