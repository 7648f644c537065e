"""The portal's interface texts around an article: everything a record must not contain."""

from typing import Final

SUMMARY_DISCLAIMER: Final = (
    "기사 제목과 주요 문장을 기반으로 자동요약한 결과입니다. "
    "전체 맥락을 이해하기 위해서는 본문 보기를 권장합니다."
)
FONT_SAMPLE: Final = (
    "(예시) 가장 빠른 뉴스가 있고 다양한 정보, 쌍방향 소통이 숨쉬는 다음뉴스를 만나보세요. "
    "다음뉴스는 국내외 주요이슈와 실시간 속보, 문화생활 및 "
    "다양한 분야의 뉴스를 입체적으로 전달하고 있습니다."
)
VOICE: Final = ("음성재생 설정", "남성", "여성", "느림", "보통", "빠름", "닫기")
LANGUAGES: Final = ("한국어 - English", "한국어 - 日本語", "한국어 - 简体中文")
FONT_SIZES: Final = ("매우 작은 폰트", "작은 폰트", "보통 폰트", "큰 폰트", "매우 큰 폰트")
REACTIONS: Final = ("추천해요", "좋아요", "감동이에요", "화나요", "슬퍼요")
SHARE: Final = ("다온톡", "누리스토리", "주소 복사")
STRINGS: Final = (
    *VOICE,
    "음성으로 듣기",
    "번역 설정",
    "번역 beta",
    "Translated by",
    *LANGUAGES,
    "글자크기 설정",
    *FONT_SIZES,
    "이 글자크기로 변경됩니다.",
    FONT_SAMPLE,
    "공유하기",
    *SHARE,
    "이 시각 인기뉴스",
    "해당 언론사로 이동합니다",
    *REACTIONS,
    "댓글 작성하기",
)
"""The interface texts that every article page carries."""
SUMMARY_STRINGS: Final = ("요약보기", "자동요약", SUMMARY_DISCLAIMER)
"""The interface texts that come with an automatic summary."""


def tools(summary_layer: str) -> str:
    """Return the layers between the headline and the body."""
    return f"""<div class="util_view" data-tiara-layer="article_util">
{_voice()}
{_translation()}
{_font()}
{summary_layer}
<div class="layer_util layer_share"><button type="button" class="btn_share">공유하기</button>
<ul class="list_share">{_items(SHARE)}</ul></div>
</div>"""


def reactions(article_id: str) -> str:
    """Return the reaction buttons and the comment area."""
    buttons = "".join(
        f'<li><button type="button">{label} <em class="num">{number}</em></button></li>'
        for number, label in enumerate(REACTIONS)
    )
    return f"""<div class="alex-actions" data-item-key="{article_id}"><ul>{buttons}</ul></div>
<div class="alex-area" id="alexArea">
<strong class="tit_cmt">댓글 <em class="num_cmt">17</em></strong>
<button type="button" class="btn_write">댓글 작성하기</button></div>"""


def _voice() -> str:
    return f"""<div class="layer_util layer_tts"><button type="button">음성으로 듣기</button>
<strong class="tit_set">{VOICE[0]}</strong><ul class="list_set">{_items(VOICE[1:])}</ul></div>"""


def _translation() -> str:
    return f"""<div class="layer_util layer_translation"><strong class="tit_set">번역 설정</strong>
<span class="txt_beta">번역 beta</span> <span class="txt_by">Translated by</span>
<ul class="list_lang">{_items(LANGUAGES)}</ul></div>"""


def _font() -> str:
    return f"""<div class="layer_util layer_font"><strong class="tit_set">글자크기 설정</strong>
<ul class="list_set">{_items(FONT_SIZES)}</ul>
<p class="desc_font">이 글자크기로 변경됩니다.</p><p class="txt_sample">{FONT_SAMPLE}</p></div>"""


def _items(labels: tuple[str, ...]) -> str:
    return "".join(f'<li><button type="button">{label}</button></li>' for label in labels)
