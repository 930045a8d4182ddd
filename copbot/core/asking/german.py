"""German."""

from copbot.core.asking.language import language

_REQUESTS = (
    r"wie (?:kann|könnte|mache?|macht|geht|bekomme?|löst|würdet|habt|kriege?|setze?) (?:ich|man|ihr|das|wir|es)\b",
    r"(?:kann|könnte|weiß|weiss|hat|kennt|nutzt|benutzt|hätte|mag|möchte) (?:hier |mir |uns |"
    r"vielleicht )*(?:jemand|wer|irgendwer|einer|irgendjemand)\b",
    r"(?:jemand|irgendwer) (?:eine ahnung|ahnung|erfahrung|erfahrungen|eine idee|ideen|tipps|hier|mir helfen|"
    r"schon)\b",
    r"(?:kannst|könntest|könnt|könntet|können|könnten) (?:du|ihr|sie) (?:mir|uns|bitte|vielleicht|mal|das|kurz)\b",
    r"(?:habt|hast|haben) (?:ihr|du|sie) (?:\w+ )?(?:tipps?|ideen?|vorschläge?|erfahrung(?:en)?|eine idee|"
    r"einen tipp|ahnung|empfehlung(?:en)?)",
    r"(?:weiß|weiss|wisst|weißt) (?:ihr|du|jemand|wer)\b",
    r"gibt (?:es|'s|s) (?:hier |da |dafür |dazu )*(?:eine?n? |irgendeine?n? |schon )*(?:möglichkeit|weg|tool|"
    r"werkzeug|beispiel|anleitung|doku|grund|lösung)",
    r"(?:ich |wir )?(?:brauche|brauchen|bräuchte|bräuchten) (?:hilfe|eure hilfe|rat|einen rat|unterstützung|"
    r"einen tipp|mal hilfe)\b",
    r"ich (?:suche|frage mich|wüsste gern|würde gerne? wissen|weiß nicht,? (?:wie|warum|ob|was|wo)|"
    r"verstehe nicht|komme nicht weiter|hänge)\b",
    r"(?:was|welche[srn]?) (?:ist|sind|wäre) (?:der|die|das) (?:beste|richtige|unterschied|einfachste)",
    r"(?:was (?:haltet|meint|denkt) ihr|was meinst du|eure meinung)\b",
    r"(?:hilfe|rat|tipps?|ideen|vorschläge|feedback|rückmeldung(?:en)?) (?:gesucht|erbeten|willkommen|wäre|"
    r"wären|dazu)\b",
    r"bitte (?:um (?:hilfe|rat|feedback|rückmeldung)|helft|schaut|prüft|erklärt)\b",
)
_OPENINGS = (
    r"(?:wie|was|warum|wieso|weshalb|wo|wann|wer|welche[srnm]?|woher|wohin|womit|wofür) (?:ist|sind|kann|"
    r"macht|geht|gibt|muss|soll|hat|haben|bedeutet|heißt|finde|bekomme?|werden|wird|setzt|nutzt)\b",
    r"(?:ist|sind|kann|gibt|hat|muss|darf|soll|geht) (?:es|das|"
    r"die|der|man|ich|wir|jemand|hier)\b",
)
_IDLE = (
    r"(?:wie geht(?:'s|s| es)?|alles (?:klar|gut|ok(?:ay)?)|na|was geht|wie läuft(?:'s|s))"
    r"(?:,? (?:euch|dir|ihnen|allen|so|heute|alles klar|alles gut|wie geht's))*\W*[?]+",
    r"(?:wer weiß|wer weiss|na und|warum (?:auch )?nicht|wisst ihr was|weißt du was)\W*[?]+",
    r"(?:lust|interesse|interessiert|neugierig|bereit|habt ihr lust|möchtest du|wollt ihr|"
    r"willst du)\b[^?\n]{0,80}[?]\W*"
    r"(?:dann |bitte )*(?:komm|kommt|meld|schreib|macht mit|mach mit|melde|trag|klick|antworte|schaut)",
    r"wer (?:kommt|ist dabei|hat lust|möchte mit|macht mit)[^?\n]{0,80}[?]*",
    r"(?:bei fragen|(?:wenn|falls) (?:ihr|du|sie|jemand) (?:noch )?(?:fragen|probleme|anregungen|wünsche|"
    r"hilfe))[^.!?,\n]*[?]*",
)

GERMAN = language(
    "wie jemand irgend ihr kannst könn gibt brauch bräucht ich was welche weiß weiss einer wer du eure hilfe rat tipp ideen vorschläge "
    "gesucht bitte",
    _REQUESTS,
    _IDLE,
    _OPENINGS,
    r"hallo|moin|servus|guten (?:morgen|tag|abend)|zusammen|alle|leute|liebe alle|danke|frage",
)
