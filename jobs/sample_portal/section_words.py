"""What makes one section read differently from another: its actors, topics and sentences."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class SectionWords:
    """One section's vocabulary."""

    actors: tuple[str, ...]
    topics: tuple[str, ...]
    sentences: tuple[str, ...]


POLITICS: Final = SectionWords(
    actors=(
        "정부",
        "한빛시의회",
        "새물결당",
        "너른들당",
        "예산결산특별위원회",
        "국무조정회의",
        "다온군의회",
        "선거제도개선위원회",
        "與 지도부",
        "野 원내대표단",
    ),
    topics=(
        "지방자치법 개정안",
        "선거구 조정",
        "추가경정예산",
        "인사청문회",
        "정당 보조금",
        "주민소환제",
        "국정감사",
        "조직 개편안",
        "행정수도 분산",
        "청년 정책",
    ),
    sentences=(
        "{actor|은} {day}일 본회의에서 {topic|을} 재석 {num}명 가운데 찬성 {num2}명으로 의결했다.",
        "여야는 {topic|을} 놓고 {num2}시간 가까이 맞섰으나 합의문을 내지 못했다.",
        "정부는 {topic|과} {topic2|을} 한꺼번에 처리하자는 입장이다.",
        "새물결당은 논평에서 “{quote}”고 했고, 너른들당은 “{quote2}”고 맞받았다.",
        "與野 원내대표는 {topic} 처리 시한을 {day}일로 못 박았다.",
    ),
)

SOCIETY: Final = SectionWords(
    actors=(
        "한빛경찰서",
        "다온소방서",
        "해오름교육지원청",
        "너울지방법원",
        "한빛시",
        "윤슬군보건소",
        "시민안전연대",
        "미르내고용센터",
        "은여울초등학교 학부모회",
    ),
    topics=(
        "통학로 안전",
        "야간 구급차 배치",
        "침수 피해 복구",
        "돌봄 공백",
        "무임승차 손실",
        "전세 보증금 분쟁",
        "하천 산책로 통제",
        "학교 급식",
        "폭염 쉼터",
        "고속버스 노선",
    ),
    sentences=(
        "경찰은 {day}일 오전 {num2}시쯤 {town}의 한 교차로에서 신고를 받고 출동했다.",
        "소방당국은 장비 {num2}대와 인력 {num}명을 투입해 {num2}분 만에 현장을 정리했다.",
        "다친 사람은 없었으며 재산 피해는 {money}으로 추산됐다.",
        "법원은 {topic|을} 둘러싼 소송에서 원고의 손을 들어줬다.",
        "{town} 학생 {num}명이 다니는 이 길에는 신호등이 {num2}개뿐이다.",
    ),
)

ECONOMIC: Final = SectionWords(
    actors=(
        "가온은행",
        "누리전자",
        "한빛상공회의소",
        "국가통계연구단",
        "해오름조선",
        "금융감독자문단",
        "너울항만공사",
        "다온농협연합",
        "미르내자동차",
    ),
    topics=(
        "기준금리",
        "GDP 성장률",
        "수출 물량",
        "반도체 설비 투자",
        "전기요금 체계",
        "주택 공급 대책",
        "소비자물가",
        "R&D 예산",
        "가계대출 한도",
        "환율 변동성",
    ),
    sentences=(
        "{actor}의 3분기 영업이익은 {money}으로 지난해 같은 기간보다 {pct}% 증가했다.",
        "GDP 성장률 전망치는 {pct}%로 한 달 전보다 0.{digit}%포인트 낮아졌다.",
        "시장에서는 {topic|이} 당분간 {topic2|에} 영향을 줄 것으로 본다.",
        "이날 누리종합지수는 {num}.{digit}포인트 오른 채 장을 마쳤다.",
        "{actor|은} {town}에 {money|을} 들여 공장을 짓고 {num}명을 새로 뽑는다.",
    ),
)

FOREIGN: Final = SectionWords(
    actors=(
        "노르델 정부",
        "벨로니아 의회",
        "사르마 공화국",
        "동해안협력기구",
        "에스타린 중앙은행",
        "국제구호연합",
        "카벨 자치정부",
        "오르덴 외교부",
    ),
    topics=(
        "관세 협상",
        "국경 검문소 재개",
        "곡물 수출 제한",
        "기후 기금",
        "난민 수용 계획",
        "해저 케이블 보호",
        "공동 순찰",
        "대통령 결선투표",
        "운하 통행료",
        "비자 면제",
    ),
    sentences=(
        "{actor|은} 현지시간 {day}일 성명을 내고 {topic|을} 전면 재검토하겠다고 발표했다.",
        "노르델과 벨로니아는 {num2}년 만에 {topic|을} 두고 마주 앉는다.",
        "현지 언론 ‘노르델 크로니클’은 {topic} 합의가 {pct}% 정도 진행됐다고 전했다.",
        "수도 광장에는 시민 {num}명이 모여 {topic|을} 요구했다.",
        "에스타린 통화 가치는 발표 직후 {pct}% 떨어졌다.",
    ),
)

CULTURE: Final = SectionWords(
    actors=(
        "한빛시립미술관",
        "가온누리교향악단",
        "다온문화재단",
        "솔바람영화제",
        "윤슬출판사",
        "아람골박물관",
        "별마루극단",
        "해오름도서관",
    ),
    topics=(
        "판소리 공연",
        "청동기 유물",
        "독립영화 상영회",
        "그림책 전시",
        "한옥 복원",
        "창작 뮤지컬",
        "도자기 특별전",
        "동네 서점",
        "민속 축제",
        "古書 목록",
    ),
    sentences=(
        "{actor|은} {day}일부터 {num2}일 동안 {topic|을} 선보인다.",
        "전시는 모두 {num}점으로, 이 가운데 {num2}점은 처음 공개된다.",
        "연출을 맡은 {person} 감독은 “{quote}”고 소감을 밝혔다.",
        "관객 {num}명이 자리를 메운 가운데 막이 올랐다.",
        "{topic|은} {town} 골목의 오래된 창고를 고쳐 만든 공간에서 열린다.",
    ),
)

DIGITAL: Final = SectionWords(
    actors=(
        "다온소프트",
        "누리데이터",
        "한빛로보틱스",
        "국가인공지능시험원",
        "가온통신",
        "미르내클라우드",
        "별마루게임즈",
        "아람보안연구소",
    ),
    topics=(
        "AI 학습 데이터",
        "개인정보 유출",
        "자율주행 셔틀",
        "양자 암호 통신",
        "게임 등급 심의",
        "클라우드 장애",
        "GPU 서버",
        "음성 인식 서비스",
        "위성 인터넷",
        "오픈소스 공개",
    ),
    sentences=(
        "{actor|이} 공개한 AI 모델은 매개변수 {num}억 개로, 한국어 시험에서 {pct}점을 얻었다.",
        "이용자 {num}만 명의 {topic|과} 관련한 기록이 {num2}시간 동안 노출됐다.",
        "{actor|은} 다음 버전에서 {topic|을} <기본값>으로 바꾼다.",
        "데이터센터 전력 사용량은 1년 새 {pct}% 늘었다.",
        "{town}에 들어서는 GPU 서버 {num}대는 {topic2}에도 쓰일 예정이다.",
    ),
)

BY_SECTION: Final = {
    "politics": POLITICS,
    "society": SOCIETY,
    "economic": ECONOMIC,
    "foreign": FOREIGN,
    "culture": CULTURE,
    "digital": DIGITAL,
}
