//! What a pack says of itself, in Korean and English: whoever opens it may do so in years, without us.

use crate::{app::Round, notify::content::title, words::Lang};

/// The text.
pub fn text(round: &Round, municipality: &str) -> String {
    let (slug, korean, english) = (&round.row.slug, title(round, Lang::Ko), title(round, Lang::En));
    format!(
        "{municipality} {korean} ({slug}) 감사 자료\n\n\
         이 묶음에는 신청인의 이름·연락처·주소가 없습니다. 접수번호만으로는 누구인지 알 수 없으며, 개인정보를 파기한 뒤에도 그대로 확인할 수 있습니다.\n\
         담당자와 참관인의 이름은 있습니다. 사유와 의견은 사람이 적은 그대로라서, 거기에 무엇이 적혔는지는 확인하지 않았습니다.\n\n\
         들어 있는 것\n\
         record/     추첨 기록과 추첨 뒤의 일(결과 공개 전이면 그때까지 공개된 것)\n\
         journal/    공개 일지에서 이 회차의 사건 전부, 서명된 확인점과 그 증명\n\
         decisions/  누가 기안하고 누가 결재했는지, 사건마다 누구의 말이었는지, 누가 무엇을 왜 열람하고 내려받았는지, 추첨을 누가 지켜보았는지\n\
         money/      원장(예산, 결제 중, 구매), 구매 전부(접수번호, 금액, 시각, 누가 알렸는지), 판매처별 합계\n\
         plan/       공고할 때의 부하 계획과 마지막 예측\n\
         drill/      공고의 근거가 된 훈련 보고서(훈련한 회차만). report.note는 두 파일의 지문에 한 서명\n\
         incidents.csv   회차 동안의 장애\n\
         statistics.csv  통계. 5건 미만(규칙이 더 크게 정했으면 그 수)과 거기서 계산될 수 있는 수는 비공개\n\
         purge-certificate.txt  파기 확인서(파기한 뒤에만)\n\n\
         확인하는 법\n\
         1. 이 폴더에서: sha256sum -c SHA256SUMS\n\
         2. 추첨 다시 계산하기: jebi-audit verify record\n\
         3. 한 접수번호의 순번과 시각: jebi-audit explain record --receipt 접수번호\n\
         4. 공개 일지와 비교: jebi-audit watch 누리집주소\n\
         5. 훈련 보고서의 서명(있으면): jebi-audit note drill/report.note --key \"record/rules.json의 signing_key\"\n\
         jebi-audit은 누구나 다시 만들 수 있는 공개 프로그램이며, 규격은 public-audit/SPEC.md에 있습니다.\n\n\
         ----\n\n\
         {municipality}, {english} ({slug}): audit pack\n\n\
         No name, contact or address of an entrant is in it. A receipt tells nobody who it belongs to, and everything\n\
         here can be checked after the personal data is erased. Names of staff and observers are in it. Reasons and\n\
         remarks are as people typed them: what they wrote there was not looked at.\n\n\
         What lies here\n\
         record/     the record of the draw and what happened after it (before results are public: what is)\n\
         journal/    every event of this round in the public journal, a signed checkpoint and the proofs\n\
         decisions/  who proposed and who decided, on whose word each event happened, who looked at or took away what\n\
                     and why, and who watched the draw\n\
         money/      the ledger (budget, held, bought), every purchase (receipt, won, when, who told of it), and the\n\
                     sum of each seller\n\
         plan/       the plan of its load at the announcement, and the last forecast\n\
         drill/      the report of the drill it was announced on, if there was one; report.note signs the digests of\n\
                     both files\n\
         incidents.csv   what went wrong for everybody while it lasted\n\
         statistics.csv  counts; fewer than 5 (or than the rules ask for), and what would give them away, are left out\n\
         purge-certificate.txt  what was erased, once it is\n\n\
         How to check it\n\
         1. In this folder: sha256sum -c SHA256SUMS\n\
         2. Compute the draw again: jebi-audit verify record\n\
         3. Why one receipt got its rank and time: jebi-audit explain record --receipt RECEIPT\n\
         4. Beside the public journal: jebi-audit watch ADDRESS\n\
         5. Who signed the report of the drill, if there is one: jebi-audit note drill/report.note --key \"signing_key of\n\
            record/rules.json\"\n\
         jebi-audit is a public program that anybody can build; its specification is public-audit/SPEC.md.\n"
    )
}
