"""The voice: by which options each program speaks a language."""

from __future__ import annotations

import pytest

from posture.guided.speech import voice_options

ESPEAK = """\
Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  de              --/M      German             gmw/de
 5  pt              --/M      Portuguese_(Portugal) roa/pt               (pt-pt 5)
 5  pt-br           --/M      Portuguese_(Brazil) roa/pt-BR            (pt 6)
"""
SPD = """\
                     NAME     LANGUAGE          VARIANT
                   german           de             none
       japanese and more           ja             none
       portuguese (brazil)       pt-BR             none
"""
SAY = """\
Anna                de_DE    # Hallo! Ich heiße Anna.
Bad News            en_US    # Hello! My name is Bad News.
Joana               pt_PT    # Olá! Chamo-me Joana.
Luciana             pt_BR    # Olá! Meu nome é Luciana.
"""


@pytest.mark.parametrize(
    ("program", "listed", "tongue", "options"),
    [
        ("espeak-ng", ESPEAK, "de", ("-v", "de")),
        ("espeak", ESPEAK, "pt_BR", ("-v", "pt-br")),
        ("espeak-ng", ESPEAK, "ja", ()),
        ("spd-say", SPD, "ja", ("-l", "ja")),
        ("spd-say", SPD, "pt_BR", ("-l", "pt-BR")),
        ("spd-say", SPD, "fr", ()),
        ("say", SAY, "de", ("-v", "Anna")),
        ("say", SAY, "pt_BR", ("-v", "Luciana")),
        ("say", SAY, "es", ()),
        ("say", "", "de", ()),
    ],
)
def test_options(program: str, listed: str, tongue: str, options: tuple[str, ...]) -> None:
    assert voice_options(program, listed, tongue) == options
