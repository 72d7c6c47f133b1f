"""Names people have, and words that are no names. Written down by hand for this house.

Given and family names common in Britain in its many communities; no list of anybody's
was copied. Small and incomplete by design: the list helps a reader and never replaces one.
"""

from __future__ import annotations

_GIVEN_TEXT = """
aaliyah aaron abdul abdullah abigail abraham adam adanna adele adeola adrian agata agnes
agnieszka ahmed aidan aisha akua alan alana albert aleksander aleksandra alex alexander
alexandra alfie alfred alice alicia alina alison amanda amara amelia amina amir amit amy
ana anastasia andrea andreea andrew andrzej andy angela angus anil anita anjali ann anna
anne annie anthony antonio anya archie arjun arlo arthur asha ashley ashraf asif ayesha
barbara barry bartek beata becky ben benjamin bernard beth bethany bilal bogdan bradley
brandon brenda brian bridget bronwyn bruce bryn callum cameron camilla carl carla carlos
carmen carol caroline catherine ceri charles charlie charlotte chidi chinedu chloe chris
christina christine christopher ciara claire clare clive colin connor craig cristina
cristian daniel daniela danielle danny darren daryl dave david dawid dawn dean deborah
debbie declan deepak delroy denise dennis derek dewi diana diane dimitri dominic donald
donna dorota dorothy douglas duncan dylan eamon eddie edward eileen elaine eleanor elena
eli elijah elizabeth ella ellen ellie emeka emily emma eric erin esther ethan eva eve
evelyn ewa ewan ezra faisal farah farid fatima fatou femi fergus finlay fiona florence
folake frances francesca francis frank fred freddie freya funmi gareth gary gavin gemma
geoff geoffrey george georgia georgina gerald geraldine gerard gillian giorgio giovanni
glen glenn gordon grainne graham greg gregory grzegorz gurpreet gwen gwyneth habib hamza
hannah harjit harold harpreet harriet harry harvey hassan hayley heather helen henry
hilary hussein ian ibrahim ifeoma imani imran ines ioana irene irina isaac isabel isabella
ishaan isla ivan iwona jack jackie jacob jacqueline jagoda jakub jamal james jamie jan
jana jane janet janice jason jasmin jasmine javier jay jayden jean jeff jeffrey jennifer
jenny jeremy jerome jerzy jess jessica jill jim joan joanna joanne jodie joe joel john
jon jonathan jordan jorge jose joseph josephine josh joshua joyce juan judith julia
julian julie justin justyna kamal kamil karen karim karl karolina kasia kate katarzyna
kath katherine kathleen katie kavita kayleigh keith kelly kemi kenneth kerry kevin khalid
khadija kiera kieran kieron kim kimberley kirsty kofi krishna krystyna kwame kyle laila
lakshmi lara laura lauren layla leanne lee leila leo leon leroy lesley leslie lewis liam
libby lila linda lisa liz lloyd lorna lorraine louis louise luca lucas lucy luis lukasz
luke lydia lynn lynne maciej magda magdalena mahmoud malcolm malgorzata mandy manuel
marcin marcus maria marie marian marianne marilyn marina mario marion marlon marta martha
martin martyn mary maryam mateusz matt matthew maureen mehmet megan meera mei melanie
melissa mia michael michal michelle mick miguel mike mikolaj millie milo miriam mohamed
mohammad mohammed moira molly monica monika morag muhammad mustafa nadia nadine naomi
natalia natalie natasha nathan neil neha ngozi niamh nick nicola nicole nicholas nigel
nikhil nikita noah noel nora norma nuala obinna olga olivia oliver olu oluwaseun omar
oscar osman owen pamela parminder patel patricia patrick patryk paul paula pauline pawel
pedro penny peter petra phil philip philippa phoebe pierre piotr polina pooja poppy
priya rachel radek rafal rahul raj rajesh raluca ramesh rania rashid raymond rebecca
reece reggie rehana renata rhiannon rhys richard ricky rita rob robert roberta robin rod
roger rohan roisin roksana ronald ronan rory rosalind rosemary rosie ross roxanne rowena
roy ruby rupert russell ruth ryan saad sabina sadia sally salma sam samantha samir samuel
sana sandeep sandra sanjay sara sarah saoirse scott sean sebastian selina serena shabnam
shane shanice sharon shaun shauna sheila shelley shirley shreya sian sienna silvia simon
sinead siobhan sofia sonia sophia sophie stacey stanislaw stefan stella stephanie stephen
steve steven stuart sue sukhdeep sunil susan suzanne svetlana sylvia tamara tamsin tanya
tara tariq tatiana temi terence teresa terry tess theo theresa thomas tim timothy tina
tobi toby todd tom tomasz toni tony tracey tracy trevor tyler uche usman valentina
valerie vanessa vera veronica vicky victoria vijay vikram vincent vivek vivian wahida
waqar wayne wendy wiktoria wojciech xavier yasmin yetunde yolanda yousef yusuf yvette
yvonne zac zach zachary zahra zain zainab zara zbigniew zoe zofia zuzanna
"""
GIVEN = frozenset(_GIVEN_TEXT.split())
_FAMILY_TEXT = """
adams adebayo adeyemi ahmed akhtar ali allen anderson andrews armstrong atkinson bailey
barker barnes begum bell bennett bhatt bibi bradley brooks burton butler campbell carter
chapman chaudhry chen chowdhury clarke collins cooper cox cunningham davidson davies davis
dawson dixon edwards elliott ellis evans fernandes fisher foster fraser gibson gill graham
griffiths harris harrison harvey henderson hill holmes hughes hussain iqbal islam jackson
jenkins johnson johnston jones kamara kaur kelly kennedy khan khatun knight kowalczyk
kowalska kowalski lawson lewis lloyd macdonald mahmood malik marshall martin mason matthews
mcdonald mehmood mensah mills mitchell mohamed moore morgan morris morrison murphy murray
nguyen nowak okafor okeke okonkwo owen palmer parker patel patterson pearson phillips
popescu powell qureshi rahman reid reynolds richards richardson roberts robertson robinson
rodrigues rogers russell scott shah shaikh sharma shaw sheikh silva simpson singh smith
stevens stewart suleiman sullivan taylor thompson thomson turner uddin walker walsh watson
watts webb williams williamson wilson wisniewski wong wood wright yusuf zhang
"""
FAMILY = frozenset(_FAMILY_TEXT.split())
_DOUBLE_TEXT = """
amber art bill bob carol christian crystal daisy dale dawn den destiny drew ed faith
frank gene grace grant guy heath hope iris ivy jack joy lance lane lily long mark may
max miles nick olive page pat patience penny peg pearl pip poppy ray reed rich rob rod
rose ruby sandy sky star sue summer sunny tab tiger trinity van victor violet ward will
young bell brooks butler carter cook cooper cox fisher foster gill hill holmes king knight
mason mills moore palmer parker reid rogers shaw taylor turner walker ward watts webb wood
wright jean jan robin kim lee dean ross glen jay jordan kit leslie marina melody
"""
DOUBLE = frozenset(_DOUBLE_TEXT.split())
"""Names that are also words: names only where something else says so."""

_COMMON_TEXT = """
a about absolutely according across actually additionally after afterwards again agencies
all almost already also although always an and another any anybody anyone anything apart
apparently are arrange as ask asking at attitude away awful bad basically be because been
before being believe best better between big both brilliant but by calling came can cannot cant
care case certainly charge check clear clearly come common communication compensation
consider considering contact could counsellor counselling court courts crime criminal did
didn do does doing don done don't during each early either email emails employ enough
especially even eventually every everybody everyone everything excellent explain far
feedback feel feeling few finally first for from fully generally get getting give given
giving go going good great had hard has hasn have having he hearing help helpful hence her
here him his honest honestly hopefully how however i i'm i've i'd i'll if im in information
instead it it's its just keep keeping kept kind kindness know lack last later law leave less
let letter letters liaison like listen listened listening little long look lots love made
magistrates mainly make making many maybe me meeting mental might money more most mostly
much my myself need needs neither never next no nobody none nor not nothing now obviously
of off offer officer officers often ok okay old on once one only online or other others our
ours overall own parking patience people perhaps person personally phone please plus point
police possibly probably proper properly provide put quick quicker quickly quite rather
read reading really refer regular regularly reply respect respond response ring said same
sadly saying second see seeing seems self send sending sent set she should show simple
simply since small so some somebody someone something sometimes soon sorry special speak
speaking staff stay still stop such support supportive sure take taking talk tell thank
thankfully thanks that that's the their them themselves then there there's therefore these
they they'd they're they've thing things think third this those though through time times
to today together told too took total towards train training treat treated treating trial
try trying twice two under unfortunately until up update updates us use usually very victim
victims visit volunteer volunteers wait waiting want wanted was way we well went were what
whatever when whenever where whether which while who whoever whole why will with within
without witness witnesses women word work worker workers would write writing yes yet you
your
english polish urdu welsh british christmas easter code victims' charter service services
monday tuesday wednesday thursday friday saturday sunday january february march april may
june july august september october november december internet whatsapp facebook google
uk england wales scotland ireland britain europe european asian african muslim christian
cps idva isva nhs gp ptsd pcso pc dc ds di cid cctv dna mp id ok tv asb vps cab iopc
ombudsman commissioner council mayor government home office ministry justice crown
prosecution victim's probation parole unit team
"""
COMMON = frozenset(_COMMON_TEXT.split())
"""Words that begin sentences or carry a capital without naming anybody or any place."""
