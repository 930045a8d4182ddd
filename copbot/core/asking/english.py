"""English."""

from copbot.core.asking.language import language

_HELLO = (
    r"hi|hey|hello|dear|good (?:morning|afternoon|evening)|guys|folks|all|everyone|everybody|team|there|also|so|and|but|"
    r"sorry|ok|please|quick question|question"
)
_PROBLEM = r"(?:error|issue|problem|exception|trouble)"

_REQUESTS = (
    r"how (?:do|can|could|would|should|did|to) (?:i|we|you|one|people|everyone|this|that|it)\b",
    r"(?:does|did|has|have|is|can|could|would|will) (?:any ?one|any ?body|some ?one|some ?body)\b",
    r"any ?(?:one|body) (?:can|could|knows?|have|has|tried|try|using|use|used|able|here|got|else|seen|"
    r"interested|willing|please|facing)\b",
    r"any (?:other |good |quick )?(?:ideas?|suggestions?|recommendations?|tips|advice|pointers|thoughts|hints|"
    r"experience|insights?|"
    r"feedback|help|solutions?)\b",
    r"(?:can|could|would) you (?:please |kindly |maybe )?(?:help|tell|explain|share|advi[sc]e|recommend|"
    r"suggest|point|file|create|"
    r"send|give|show|check|look|take|try|provide|post|confirm|clarify|describe|mind|review|add)\b",
    r"would you mind\b",
    r"(?:please|pls|plz|kindly|can you|could you) (?:help|advi[sc]e|explain|suggest|recommend|review|"
    r"take a look|have a look)\b",
    r"(?:needs?|needing|could use) (?:some |any |your |a little |a bit of )?(?:help|advice|assistance|"
    r"guidance|pointers|feedback)\b",
    r"(?:would|i'd|we'd) (?:really |very much )?(?:love|appreciate|welcome|like) (?:to (?:hear|know)|any|some|"
    r"your|feedback)\b",
    r"wondering (?:if|how|whether|why|what|where|when|who)\b",
    r"(?:i'?m|i am|we'?re|we are) (?:looking for|searching for|stuck)\b",
    r"(?:looking for|seeking) (?:some |any )?(?:advice|recommendations?|suggestions?|help|someone|examples?)\b",
    r"what(?:'s| is| are) the (?:best|right|easiest|recommended|proper|difference)\b",
    r"is there (?:a|any|some) (?:\w+ )?(?:way|chance|tool|example|documentation|guide|option|reason)\b",
    r"where (?:can|do|could|should) (?:i|we) (?:find|get|start|look|download)\b",
    r"(?:don't|do not) (?:know|understand|get|see) (?:how|why|what|where|which)\b(?! you| happened)",
    r"(?:no idea|no clue|not sure|unsure|unclear|confused|can'?t figure out|cannot figure out|"
    r"can'?t understand) (?:about )?(?:how|why|where|what|which)\b(?! happened)",
    r"let me know (?:how to|if you know|which|what you think)\b",
    r"what do (?:you|y'all|people|others|we)(?: all| guys)? think\b",
    rf"(?:keeps?|kept|i'?m|i am)(?: still| always| also)? (?:getting|seeing|facing) (?:…|(?:(?:an?|the|this|"
    rf"these|following|same|some) )*(?:\w+ )?{_PROBLEM})",
    rf"i (?:still |always )?(?:get|got|see|have|face|encounter(?:ed)?) (?:an?|the|this|these|"
    rf"some) (?:\w+ )?{_PROBLEM}s?\b",
    rf"(?:i'?m|i am|we'?re|we are|i) (?:having|facing|hav|have) (?:some |an? |the |this )*{_PROBLEM}s? (?:with|"
    rf"in|to|while|when|getting|connecting|running|using)\b",
    r"i (?:can'?t|cannot|couldn'?t|could not) (?:seem to |even |really )?(?:find|get|figure|connect|access|"
    r"log|login|install|run|build|"
    r"understand|open|start|make(?! it)|use|send|join)\b",
    r"(?:i'?m|i am|we'?re|we are) (?:unable|not able) to\b",
    r"may i (?:know|ask)\b",
    r"would it be (?:possible|ok|okay|alright|fine)\b",
    r"any (?:news|updates?|progress|word) (?:on|about|from|regarding)\b",
    r"(?<!no )(?:help|assistance|advice) (?:is )?(?:needed|wanted|required)\b",
    r"(?:i|we)(?: have|'ve)(?: got)? (?:an?|another|one|some|two|a few|a couple of) (?:\w+ )?questions? "
    r"(?:about|on|regarding|for|concerning|with)\b",
    r"(?:i|we) keep (?:on )?(?:getting|seeing|hitting|running into) (?:an?|this|these|the) \w+",
    r"(?:quick|short|small|simple|dumb|stupid|silly|newbie|beginner|general) questions? (?:about|on|regarding|for)\b",
    r"(?:anyone|anybody|someone|somebody|you) (?:please )?(?:help|explain|tell me|point me)\b",
)
_OPENINGS = (
    r"(?:what|why|where|when|who|how)(?:'s| is| are| was| were| does| do| did| can| could| should|"
    r" would) (?!nice|great|cool|more|important)\w+",
    r"how (?:many|much|long|often|come|to|about)\b",
    r"which \w+ (?:is|are|do|does|should|would|can)\b",
    r"what \w+ (?:do|does|did|should|would|could|can) (?:you|i|we|they|people|others|everyone|one)\b",
    r"help(?=\W*\Z)",
    r"(?:are|were) there (?:any|some|other|more)\b",
    r"do (?:we|i) (?:have|need|know|use|still|want|get|also|really|all)\b",
    r"(?:does|did|is|was|has|can|could|should|may|shall) (?:i|we|it|this|that|there|the|my|your|anyone|"
    r"they)(?! (?:be|was|is)\b) [\w'-]+ \w+",
    r"is \w+ (?:compatible|possible|able|available|supported|down|broken|working|still|already|really)\b",
    r"(?:have|are|do|did) (?:you|they|any|these|those)\b",
)
_IDLE = (
    # Greetings, and what people say to each other in passing
    r"(?:how(?:'s| is| are) (?:it going|everything|life|everyone|everybody|things|your day|you(?: doing)?|we(?: doing)?)|"
    r"what(?:'s| is) up|how do you do|howdy)(?:,? (?:all|guys|everyone|everybody|folks|team|today|there|going|doing))*\W*[?]+",
    # Rhetorical
    r"(?:who (?:knows|cares)|guess what|did you know|am i right|say what|you know what|know what i mean|what can i say|"
    r"why bother)\W*[?]+",
    r"(?:what(?:'s| is) not to (?:like|love)|what could (?:possibly )?go wrong|see what i did there)\b[^?!.\n]{0,60}[?]+",
    r"why not \w+ \w+[^?!.\n]{0,60}[?]+",
    r"how (?:cool|awesome|nice|neat|amazing|sweet|great) (?:is|are|was|would) (?:that|this|it|these)\b[^?!.\n]{0,20}[?]+",
    # An echo of what somebody else asked
    r"^an? [\w -]{2,40}[?] (?:that|it|this)(?:'s| is)\b",
    # Invitations, announcements and offers: whom they do not concern need not answer
    r"^(?:do(?:es)? you(?:r \w+)?|are you|have you|want|wanna|interested|looking (?:for|to)|working|curious|ready|got)\b"
    r"[^?\n]{0,80}[?]\W*(?:then |please |so )?"
    r"(?:join|come|reply|sign|register|encourage|contact|dm|drop|apply|click|rsvp|submit)\b",
    r"who(?:'s| is| else is| else)? (?:in(?=\W*[?])|up for|(?:wants?|would like) to (?:join|come|be|play|give|present)|"
    r"joining\b|ready\b)[^?\n]{0,100}[?]*",
    r"(?:let (?:me|us) know|tell (?:me|us)|ask|shout|ping me|dm me|contact (?:me|us)|reach out|get in touch|feel free|"
    r"don'?t hesitate)[^.!?\n]{0,30}(?:if|when|should) (?:you|there|anyone|anybody|anything|someone|something)(?! know)\b"
    r"[^.!?,\n]*[?]*",
    r"if (?:you|anyone|there) (?:have|has|are|is|want|need)s? (?:any |more |further |some )*(?:questions?|issues?|problems?|"
    r"concerns|feedback|suggestions|comments|trouble|help)\b[^.!?,\n]*[?]*",
)

ENGLISH = language(
    "how any some help advis advic explain suggest recommend review wondering need love like appreciate welcome "
    "look searching stuck seeking what there where know understand idea clue sure unclear confused figure "
    "error issue problem exception trouble getting seeing can could unable able mind may would why question",
    _REQUESTS,
    _IDLE,
    _OPENINGS,
    _HELLO,
)
