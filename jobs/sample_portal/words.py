"""The vocabulary all sections of the fictional news share: towns, names, titles and phrases."""

from typing import Final

SECTION_NAMES: Final = {
    "politics": "정치",
    "society": "사회",
    "economic": "경제",
    "foreign": "국제",
    "culture": "문화",
    "digital": "IT",
}

TOWNS: Final = (
    "한빛시",
    "다온군",
    "가온누리시",
    "해오름군",
    "너울시",
    "솔바람읍",
    "미르내시",
    "윤슬군",
    "아람골시",
    "새벽들군",
    "별마루구",
    "은여울시",
)

SURNAMES: Final = (
    "김",
    "이",
    "박",
    "최",
    "정",
    "강",
    "조",
    "윤",
    "장",
    "임",
    "한",
    "오",
    "남궁",
    "제갈",
)

# Given names nobody would look up: the people of these pages must not be taken for real ones.
GIVEN_NAMES: Final = (
    "온결",
    "누솔",
    "다빛",
    "모결",
    "빛솔",
    "새온",
    "솔누",
    "여결",
    "온누",
    "아빛",
    "늬결",
    "별온",
    "가늘",
    "래솔",
    "미늘",
    "해빛",
)

# How a name begins in an e-mail address, one for each given name.
NAME_IN_LATIN: Final = (
    "ongyeol",
    "nusol",
    "dabit",
    "mogyeol",
    "bitsol",
    "saeon",
    "solnu",
    "yeogyeol",
    "onnu",
    "abit",
    "nuigyeol",
    "byeolon",
    "ganeul",
    "raesol",
    "mineul",
    "haebit",
)

TITLES: Final = ("국장", "과장", "대변인", "위원장", "센터장", "연구위원", "실장", "팀장", "회장")

LABELS: Final = ("단독", "속보", "인터뷰", "르포", "기획", "종합", "사설", "팩트체크")

ACTS: Final = (
    "추진",
    "검토",
    "확대",
    "축소",
    "착수",
    "보류",
    "공개",
    "재점검",
    "합의",
    "연기",
    "도입",
    "개편",
)

ENDINGS: Final = (
    "주민 반응 엇갈려",
    "다음 달 결론",
    "“속도보다 안전”",
    "예산은 {money}",
    "{pct}% 늘었다",
    "첫 공청회 열려",
    "‘신중론’도 나와",
    "{num}곳 먼저 시작",
    "쟁점 세 가지",
    "내년 상반기 목표",
)

QUOTES: Final = (
    "서두르기보다 절차를 하나씩 밟아 가겠다",
    "현장의 목소리를 먼저 듣는 것이 순서라고 본다",
    "지금 고치지 않으면 {num2}년 뒤에 더 큰 비용을 치르게 된다",
    "숫자만 보면 나아졌지만 체감하기는 아직 이르다",
    "{topic|은} 한 기관의 힘만으로 풀 수 있는 문제가 아니다",
    "결과를 투명하게 공개하고 잘못이 있다면 바로잡겠다",
    "{town} 사례가 다른 지역에도 본보기가 되기를 바란다",
    "주민 {num}명의 의견을 모두 기록으로 남겼다",
    "필요한 자료는 이미 다 냈고 이제는 판단을 기다릴 뿐이다",
    "처음부터 다시 설계한다는 마음으로 {topic|을} 들여다보고 있다",
)

SENTENCES: Final = (
    "{actor|은} {day}일 {town}에서 회의를 열고 {topic|을} {num2}개월 동안 {act}한다고 밝혔다.",
    "이날 회의에는 {person} {title|을} 비롯해 관계자 {num2}명이 참석했다.",
    "{person} {title|은} “{quote}”고 말했다.",
    "{person} {title|은} 기자들과 만나 “{quote}”며 “{quote2}”고 강조했다.",
    "“{quote}.” {person} {title|이} 건넨 말이다.",
    "{actor|이} 공개한 자료에 따르면 {topic} 관련 민원은 {num}건으로 1년 전보다 {pct}% 늘었다.",
    "반면 {town2|은} 같은 기간 {pct}% 줄어 대조를 이뤘다.",
    "{actor2|은} 이에 대해 “{quote}”고 반박했다.",
    "올해 배정된 예산은 {money}으로, 이 가운데 {pct}%가 {topic2}에 쓰인다.",
    "전문가들은 {topic|이} {topic2|과} 맞물려 있어 한쪽만 손대서는 효과를 보기 어렵다고 지적한다.",
    "{town} 주민 {num}명을 대상으로 한 설문에서는 {pct}%가 ‘{topic|이} 필요하다’고 답했다.",
    "앞서 {actor2|은} 지난달 {day}일에도 비슷한 계획을 내놓았다가 {num2}일 만에 거둬들였다.",
    "{actor|은} 다음 달 {day}일까지 세부 일정을 확정할 방침이다.",
    "다만 {topic2} 기준을 놓고는 이견이 여전해 결론까지는 시간이 걸릴 전망이다.",
    "{town|과} {town2|이} 함께 쓰는 시설도 {num}곳 포함됐다.",
    "이번 조사는 지난 {day}일부터 {num2}일간 진행됐으며 표본오차는 ±{digit}.1%포인트다.",
)

CAPTIONS: Final = (
    "{day}일 {town}에서 {actor} 관계자들이 {topic|을} 설명하고 있다.",
    "{person} {title|이} {town} 현장을 둘러보고 있다.",
    "{actor|이} 공개한 {topic} 안내판 앞을 시민들이 지나고 있다.",
    "{town} 전경. {topic|은} 이곳에서 시작된다.",
    "{actor} 회의장에 놓인 {topic} 자료.",
)

EDITOR_NOTES: Final = (
    "{town} 사람들의 하루를 {num2}회에 걸쳐 나눠 싣습니다. {topic|이} 바꾼 풍경을 기록합니다.",
    "{topic|을} 둘러싼 오래된 질문을 다시 묻습니다. 독자 {num}명이 함께 취재했습니다.",
)
