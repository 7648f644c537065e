"""Languages by script and by words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("한빛시는 27일 강변 도서관의 문을 새로 열었다. The River Library AI 센터도 문을 연다.", "ko"),
        ("市は27日、川沿いの図書館を新しく開いたと発表した。", "ja"),
        ("市政府27日宣布河滨图书馆重新开放。", "zh"),
        ("The city opened the library by the river on the 27th; it is for all of the people.", "en"),
        ("Die Stadt hat am 27. die neue Bibliothek am Fluss eröffnet; sie ist nicht nur für den Ort.", "de"),
        ("La ville a ouvert la bibliothèque au bord de la rivière et elle est pour les habitants.", "fr"),
        ("Los vecinos que viven en el pueblo dicen que la biblioteca es para ellos", "es"),
        ("Şehir nehir kıyısında yeni bir kütüphane açtı ve bu yer herkes için daha yakın.", "tr"),
        ("Город открыл новую библиотеку у реки, и это не для всех, но также для детей, как сказал мэр.", "ru"),
        ("المدينة فتحت المكتبة في يوم الأحد على النهر من أجل أن يقرأ الناس مع العائلة", "ar"),
        ("เมืองเปิดห้องสมุดริมแม่น้ำ", "th"),
        ("Η πόλη άνοιξε τη βιβλιοθήκη", "el"), ("העיר פתחה את הספרייה", "he"),
        ("शहर ने पुस्तकालय खोला", "hi"), ("শহর গ্রন্থাগার খুলেছে", "bn"), ("நகரம் நூலகத்தை திறந்தது", "ta"),
        ("ქალაქმა ბიბლიოთეკა გახსნა", "ka"), ("Քաղաքը բացեց գրադարանը", "hy"), ("ទីក្រុងបានបើកបណ្ណាល័យ", "km"),
        ("မြို့က စာကြည့်တိုက်ကို ဖွင့်ခဲ့သည်", "my"), ("ከተማዋ ቤተ መጻሕፍት ከፈተች", "am"),
        ("", None), ("1234 5678", None), ("Lorem", None),
    ],
)  # fmt: skip
def test_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


@given(st.text())
def test_never_raises(text: str) -> None:
    found = language_of(text)
    assert found is None or len(found) == 2
