"""The words of a note: each way to say it leads to the check-in, in every language, and what is ordinary to
nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import posture
from posture.coach.note_words import asked_about, note_words
from posture.coach.safety import QUESTIONS
from posture.language import LANGUAGES

IDS = [question.id for question in QUESTIONS]
PACKAGE = Path(posture.__file__).parent

TOLD = {
    "saddle": """numbness between my legs; numbness between the legs; numb between my legs; groin is numb; pins and
        needles
        around my bum; my crotch feels like it's asleep; can't feel when I wipe; wiping feels strange; lost feeling
        down
        there; no feeling between my thighs; my privates feel weird; bum feels like cotton wool; numbnes in my seat;
        new bike saddle; down below is numb; can’t feel my backside; inner thighs numb; PINS & NEEDLES in the seat""",
    "bladder": """my bladder is odd; blader problems; incontinance; wet myself; leaking a bit; can't pee; pee
        dribbles;
        trouble urinating; urine retention; haven't peed all day; weeing a lot; can't go to the loo; pissed myself;
        wet the bed; can't hold my water; had an accident in my pants; toilet trouble""",
    "bowel": """new BOWEL trouble; IBS as always, bowel fine; pooed myself; soiled my trousers; constipated;
        diarrhoea;
        diarrhea; no erection; lost my erection; can't get it up; sexual problems; cant orgasm; shat myself""",
    "both_legs": """both my legs tingle; both legs; both of my feet burn; my two legs ache; legs feel like jelly;
        both calves
        hurt; my legs are going; pain in the left leg and now the other leg""",
    "weaker": """weakness in my right leg; wekness in leg; foot drop; my foot drops; dragging my foot; can't lift
        my toes;
        foot slaps;
        foot keeps catching the kerb; tripping over my foot; leg keeps giving out; legs gave way; lost strength in
        arm; wobbly legs;
        parylized; can't walk properly; losing my balance; can't stand on tiptoe""",
    "chest": """chest hurts; chest pain; tight chest; heart racing; can't breathe; short of breath; passed out; jaw
        pain;
        sudden belly pain; fainted""",
    "head": "worst headache ever; double vision; slurred; my face droops; seeing double; migraine; dizzy",
    "ill": """fever and chills; stiff neck and temperature; shivering; 39 degrees; feel very ill; I'm pregnant and
        bleeding;
        my waters broke; contractions; meningitis""",
    "trauma": """fell down the stairs; car crash; bike accident; acident; whiplash; fell off a ladder; came off my
        bike;
        knocked over; tumbled down; a bad fall""",
    "night": "pain at night; wakes me at 3am; can't sleep; worse at nite; all night; hurts lying down and worse",
    "severe": """severe; sevre pain; unbearable; excruciating; agony; agonising; agonizing; 10/10; coughing makes
        it worse""",
    "leg": """numb in left foot; weakness in my right leg; tinglig in toes; clumsy hands; keep dropping things;
        dead leg;
        foot's gone to sleep; numb fingers; electric shocks down my leg; can't do up buttons""",
    "fever": """fever and chills; night sweats; lost weight; losing weight; lost 5 kg; blood in my pee; burning
        when I pee""",
    "shape": "a lump on my spine; between my shoulder blades; a bump near the spine; my back is crooked",
    "history": """had cancer; tumour; tumor; on prednisone; brittle bones; osteoporosis; osteopenia;
        immunosuppressed; HIV;
        used to inject; had an epidural; steroids; chemo""",
    "two_weeks": "for weeks now; not getting better; three months; won't go away; it's getting worse; a fortnight",
}
"""English, with what is meant by the check-in's question."""

OTHERS = {
    "de": {
        "saddle": "Taubheit im Schritt; taub zwischen den Beinen; kein Gefühl untenrum; Kribbeln am Damm; gefuehllos",
        "bladder": "kann das Wasser nicht halten; Blase; eingenässt; eingenaesst; Urin geht nicht; in die Hose",
        "bowel": "Stuhlgang verändert; keine Erektion; Durchfall; Darm",
        "both_legs": "beide Beine kribbeln; beide Füße; beide Fuesse; in beiden Beinen",
        "weaker": "Fuß hängt herunter; Fuss schleift; Schwäche im rechten Bein; knickt weg; keine Kraft; gelähmt",
        "chest": "Brustschmerzen; Atemnot; Herz rast; ohnmächtig",
        "head": "starke Kopfschmerzen; Doppelbilder; sehe doppelt; Schwindel",
        "ill": "Fieber und Schüttelfrost; steifer Nacken; schwanger; Wehen",
        "trauma": "gestürzt; Unfall; von der Leiter gefallen; Treppe runtergefallen",
        "night": "nachts Schmerzen; wache nachts auf",
        "severe": "unerträgliche Schmerzen; unertraeglich; beim Husten schlimmer",
        "leg": "Kribbeln in den Zehen; taube Finger; strahlt ins Bein aus",
        "fever": "abgenommen ohne Grund; Fieber; Nachtschweiß",
        "shape": "ein Knoten am Rücken; zwischen den Schulterblättern",
        "history": "hatte Krebs; Osteoporose; Kortison; Spritze in den Rücken",
        "two_weeks": "seit Wochen nicht besser; wird immer schlimmer",
    },
    "fr": {
        "saddle": "engourdissement entre les jambes; plus de sensation; fourmillements à l'aine",
        "bladder": "fuites urinaires; vessie; je n'arrive pas à uriner; pipi",
        "bowel": "selles; plus d'érection; constipé; incontinence et diarrhée",
        "both_legs": "les deux jambes picotent; les deux pieds",
        "weaker": "pied qui traîne; faiblesse de la jambe droite; les jambes me lâchent; perte de force",
        "chest": "douleur dans la poitrine; douleur au cœur; essoufflé",
        "head": "maux de tête; je vois double; vertiges",
        "ill": "fièvre et frissons; nuque raide; enceinte; perdu les eaux",
        "trauma": "je suis tombé dans l'escalier; une chute; accident de vélo",
        "night": "mal la nuit; réveillé par la douleur",
        "severe": "douleur atroce; insupportable; quand je tousse",
        "leg": "pied engourdi; descend dans la jambe; maladroit",
        "fever": "perdu du poids; fievre; sueurs",
        "shape": "une bosse; entre les omoplates",
        "history": "cancer; ostéoporose; cortisone; infiltration",
        "two_weeks": "depuis des semaines; pas mieux; ça empire",
    },
    "es": {
        "saddle": "adormecimiento entre las piernas; no siento nada; hormigueo en la ingle",
        "bladder": "se me escapa la orina; vejiga; no puedo orinar; pipí",
        "bowel": "estreñimiento; sin erección; diarrea",
        "both_legs": "hormigueo en las dos piernas; ambos pies",
        "weaker": "debilidad en la pierna derecha; no puedo levantar el pie; pérdida de fuerza; arrastro el pie",
        "chest": "dolor en el pecho; me falta de aire; desmayo",
        "head": "dolor de cabeza; veo doble; mareos",
        "ill": "fiebre y escalofríos; cuello rígido; embarazada; rompí aguas",
        "trauma": "me caí; una caída; accidente de coche",
        "night": "de noche; me despierta el dolor",
        "severe": "dolor insoportable; al toser",
        "leg": "pie adormecido; baja por la pierna; torpe",
        "fever": "bajando de peso; fiebre; sudores",
        "shape": "un bulto; entre los omóplatos",
        "history": "cáncer; osteoporosis; cortisona; epidural",
        "two_weeks": "hace semanas; no mejora; cada vez peor",
    },
    "it": {
        "saddle": "intorpidimento tra le gambe; formicolio all'inguine; non sento niente; il sedere è addormentato",
        "bladder": "perdo urina; vescica; non riesco a fare pipì; me la sono fatta addosso",
        "bowel": "stitichezza; niente erezione; diarrea; intestino",
        "both_legs": "formicolio a entrambe le gambe; tutte e due le gambe; due piedi",
        "weaker": "debolezza alla gamba destra; trascino il piede; la gamba cede; perdita di forza; inciampo spesso",
        "chest": "dolore al petto; mi manca il fiato; svenuto; mal di pancia",
        "head": "forte mal di testa; vedo doppio; vertigini",
        "ill": "febbre e brividi; collo rigido; sono incinta; mi si sono rotte le acque",
        "trauma": "sono caduto; una caduta; incidente in bici; caduta dalle scale",
        "night": "male di notte; mi sveglia il dolore",
        "severe": "dolore insopportabile; quando tossisco; atroce",
        "leg": "piede addormentato; scende nella gamba; mi cadono gli oggetti",
        "fever": "ho perso peso; febbre; sudori notturni; sangue nelle urine",
        "shape": "un nodulo; tra le scapole",
        "history": "cancro; osteoporosi; cortisone; infiltrazione",
        "two_weeks": "da settimane; non migliora; sempre peggio",
    },
    "pt_BR": {
        "saddle": "dormência entre as pernas; formigamento na virilha; não sinto nada; a bunda está dormente",
        "bladder": "escapa urina; bexiga; não consigo fazer xixi; fiz xixi na calça",
        "bowel": "prisão de ventre; sem ereção; diarreia; intestino preso",
        "both_legs": "formigamento nas duas pernas; ambas as pernas; os dois pés",
        "weaker": "fraqueza na perna direita; arrasto o pé; perda de força; não consigo levantar o pé; perna bamba",
        "chest": "dor no peito; falta de ar; desmaiei; dor de barriga",
        "head": "dor de cabeça forte; visão dupla; tontura",
        "ill": "febre e calafrios; pescoço rígido; estou grávida; a bolsa estourou",
        "trauma": "caí da escada; levei um tombo; acidente de carro",
        "night": "dor à noite; acordo com dor",
        "severe": "dor insuportável; quando tusso; muito forte",
        "leg": "pé dormente; desce pela perna; deixo cair as coisas",
        "fever": "perdi peso; febre; suores noturnos; sangue no xixi",
        "shape": "um caroço; entre as escápulas",
        "history": "tive câncer; osteoporose; cortisona; injeção na coluna",
        "two_weeks": "há semanas; não melhora; cada vez pior",
    },
    "ja": {
        "saddle": "股の間がしびれる; お尻の感覚がない; 陰部の感覚が鈍い; 股間がピリピリする",
        "bladder": "尿が出にくい; おしっこが漏れる; 失禁した; ﾄｲﾚに間に合わない",
        "bowel": "便秘がひどい; 勃起しない; 下痢が続く; 便を漏らした",
        "both_legs": "両足がしびれる; 両脚に力が入らない; もう片方の足も痛い",
        "weaker": "右足に力が入らない; 足を引きずる; よくつまずく; うまく歩けない; 膝がガクガクする",
        "chest": "胸が痛い; 息が苦しい; 気を失った; お腹が痛い",
        "head": "ひどい頭痛; 物が二重に見える; めまいがする; ろれつが回らない",
        "ill": "発熱と悪寒; 首が硬くて曲がらない; 妊娠しています; 破水した",
        "trauma": "階段から落ちた; 転んだ; 交通事故; 自転車で転倒",
        "night": "夜中に痛む; 痛みで目が覚める; 眠れない",
        "severe": "激痛です; 耐えられない痛み; 咳をすると痛い",
        "leg": "足の指がしびれる; 物を落とす; 脚に電気が走る; 手の感覚が変",
        "fever": "体重が減った; 熱がある; 寝汗をかく; 血尿が出た",
        "shape": "背中にしこりがある; 肩甲骨の間が痛い",
        "history": "癌の手術を受けた; 骨粗しょう症; ステロイドを飲んでいる; 注射をした",
        "two_weeks": "三週間続いている; 良くならない; どんどん悪化している",
    },
}

ORDINARY = """after lunch; after the long drive; below the ribs; peer review; speed; new chair; sat too long;
        carried shopping
    bags; gardening all weekend; bending to tie shoes; deadline at work; moved house; better after a walk; stress
        at work;
    one leg crossed; long meeting; typing all day; laptop on sofa; lifted a box; after football; slept on the couch;
    standing at a concert; feeling a little better; a train trip; both sides; lay on my stomach; down the stairs;
    left shoulder blade; bent over the sink; Spaziergang tat gut;
    cooking; left side mostly; a bit stiff this morning; sore after yoga; crouching in the garden;
    bowling with friends; better than yesterday; same as usual; train ride; skipped the stretch; worse when sitting;
    ache in the lower back; hip hurts when walking; neck sore from phone; old mattress; stretching helped; fine today;
    nach dem Mittagessen; langer Tag im Büro; neuer Stuhl; am Schreibtisch; viel gesessen; après le déjeuner; nouvelle
    chaise; trop assis; au bureau; después de comer; silla nueva; mucho tiempo sentado; viaje en coche;
    dopo pranzo; sedia nuova; seduto troppo a lungo; in ufficio; lunga riunione; meglio dopo una passeggiata;
    depois do almoço; cadeira nova; muito tempo sentado; no escritório; reunião longa; melhor depois de andar;
    昼食の後; 新しい椅子; 長時間座っていた; 会議が長かった;
    散歩したら楽になった; いつもと同じ; 少し肩がこった; 家でソファに座っていた"""


def notes(text: str) -> list[str]:
    return [" ".join(note.split()) for note in text.split(";")]


def told() -> list[tuple[str, str]]:
    lists = [TOLD, *OTHERS.values()]
    return [(name, note) for each in lists for name, text in each.items() for note in notes(text)]


@pytest.mark.parametrize(("name", "note"), told(), ids=lambda value: value)
def test_what_is_told_leads_to_its_question(name: str, note: str) -> None:
    for said in (note, note.upper(), f"since Monday {note}, again", f"no {note}"):
        assert name in asked_about(said), said


@pytest.mark.parametrize("note", ["", "...", *notes(ORDINARY)], ids=lambda value: value)
def test_what_is_ordinary_leads_nowhere(note: str) -> None:
    assert asked_about(note) == ()


def languages() -> set[str]:
    """Those the program speaks: its own, and the catalogues there are."""
    return {"en"} | {folder.name for folder in (PACKAGE / "locale").glob("*") if folder.is_dir()}


def test_every_question_has_words_in_every_language() -> None:
    lists = note_words()
    assert languages() | set(LANGUAGES) <= set(lists)
    for words in lists.values():
        assert list(words) == IDS
        assert all(words.values())
    assert list(TOLD) == IDS
    assert all(list(each) == IDS for each in OTHERS.values())


def entries() -> list[tuple[str, str, str]]:
    return [
        (code, name, text) for code, lists in note_words().items() for name, texts in lists.items() for text in texts
    ]


def test_each_entry_finds_itself_and_stands_once() -> None:
    for code, name, text in entries():
        said = " ".join(part.split("/")[0] for part in text.split(" + ")).replace("*", "")
        assert name in asked_about(said), (code, name, text)
    for lists in note_words().values():
        for texts in lists.values():
            assert len(set(texts)) == len(texts), sorted(text for text in texts if texts.count(text) > 1)


def test_an_entry_is_written_in_its_little_language() -> None:
    for code, name, text in entries():
        assert re.fullmatch(r"(\*?\w+\*?|[ /]| \+ )+", text), (code, name, text)
        assert not re.search(r"(^| )[*]?\w[*]", text), f"{text!r} of {code}.{name} takes nearly every word"


def test_a_letter_off_in_a_long_word() -> None:
    for typed in ("incontinent", "incontnent", "incontinnent", "inconitnent", "incontiment", "headahces", "headachs"):
        assert asked_about(typed), typed
    assert not asked_about("mercury planet")


@given(st.text(max_size=200))
def test_any_text_is_read(note: str) -> None:
    found = asked_about(note)
    assert set(found) <= set(IDS)
    assert list(found) == sorted(found, key=IDS.index)
    assert asked_about(note) == found


@given(st.sampled_from(told()), st.sampled_from(told()))
def test_more_words_never_take_a_question_away(one: tuple[str, str], other: tuple[str, str]) -> None:
    together = asked_about(f"{one[1]} and {other[1]}")
    assert set(asked_about(one[1])) | set(asked_about(other[1])) <= set(together)
