"""Names of months in the languages of the press, in full and as they are cut."""

from __future__ import annotations

_NAMES = (
    "january januar janvier enero gennaio janeiro januari januára styczeń stycznia leden"
    " ledna январь января січня ocak ianuarie janúar tammikuuta tammikuu sausio ιανουαρίου"
    " január siječnja jaanuar janvāris jan ene gen sty led янв січ oca",
    "february februar février fevrier febrero febbraio fevereiro februari luty lutego únor"
    " února февраль февраля лютого şubat februarie febrúar helmikuuta vasario φεβρουαρίου"
    " február veljače feb fév févr fev lut úno фев лют şub",
    "march märz mars marzo março maart marzec marca březen března март марта березня mart"
    " martie maaliskuuta kovo μαρτίου március ožujka maret mar mär mrz mrt bře мар бер",
    "april avril abril aprile kwiecień kwietnia duben dubna апрель апреля квітня nisan"
    " aprilie apríl huhtikuuta balandžio απριλίου április travnja apr avr abr kwi dub апр кві"
    " nis",
    "may mai mayo maggio maio mei maj maja květen května май мая травня mayıs toukokuuta"
    " gegužės μαΐου május svibnja maí mag kvě тра",
    "june juni juin junio giugno junho czerwiec czerwca červen června июнь июня червня"
    " haziran iunie júní kesäkuuta birželio ιουνίου június lipnja jun giu cze čer июн чер haz",
    "july juli juillet julio luglio julho lipiec lipca červenec července июль июля липня"
    " temmuz iulie júlí heinäkuuta liepos ιουλίου július srpnja jul juil lug lip čvc июл лип"
    " tem",
    "august août aout agosto augustus augusti sierpień sierpnia srpen srpna август августа"
    " серпня ağustos elokuuta rugpjūčio αυγούστου augusztus kolovoza ágúst agustus aug ago aoû"
    " sie srp авг сер ağu agt",
    "september septembre septiembre settembre setembro wrzesień września září сентябрь"
    " сентября вересня eylül septembrie syyskuuta rugsėjo σεπτεμβρίου szeptember rujna sep"
    " sept set wrz zář сен вер eyl",
    "october oktober octobre octubre ottobre outubro październik października říjen října"
    " октябрь октября жовтня ekim octombrie október lokakuuta spalio οκτωβρίου oct okt ott out"
    " paź říj окт жов eki",
    "november novembre noviembre novembro listopad listopada ноябрь ноября листопада kasım"
    " noiembrie nóvember marraskuuta lapkričio νοεμβρίου studenoga nov lis ноя лис kas",
    "december dezember décembre decembre diciembre dicembre dezembro grudzień grudnia"
    " prosinec prosince декабрь декабря грудня aralık decembrie desember joulukuuta gruodžio"
    " δεκεμβρίου prosinca dec dez déc dic gru pro дек гру ara des",
)
MONTHS = {word: number for number, names in enumerate(_NAMES, 1) for word in names.split()}
"""Month numbers by lower-case name."""
