# 주민이 읽는 글입니다. 짧고 쉬운 문장으로 씁니다.
# 변수 바로 뒤에는 은/는, 이/가, 을/를, 와/과, 으로/로를 붙이지 않습니다(앞말에 따라 바뀌기 때문입니다).
# 낱말은 하나로 통일합니다: 신청, 접수번호, 명부, 봉인, 추첨, 배정, 예비, 알림.

## 모든 화면
service = 구매 시간 추첨
skip = 본문 바로가기
languages = 언어
error-prefix = 오류: { $heading }
error-summary = 다음 내용을 확인해 주십시오
rehearsal = 모의훈련입니다. 실제로 판매하는 것은 없습니다.
title-rehearsal = [모의훈련] { $title }
early = 먼저 신청해도 유리하지 않습니다.
early-why = 신청 기간 안에 신청하면 첫날이든 마지막 날이든 추첨 조건이 같습니다.
shared-device = 여러 사람이 쓰는 기기라면, 마친 뒤 브라우저를 모두 닫아 주십시오.
help = 도움이 필요하십니까?
help-contact = 문의: { $contact }
server-time = 서버 시각 { $at }
footer-jebi = 누구나 검증할 수 있는 추첨 소프트웨어 제비(jebi)를 씁니다.
footer-status = 운영 상황
to-round = 회차 안내
steps = 신청 단계
step-identity = 본인 확인
step-details = 금액과 시간대
step-check = 확인

## 회차 상태
state-announced = 신청 예정
state-open = 신청 중
state-closed = 신청 마감
state-sealed = 명부 봉인
state-drawn = 추첨 완료
state-serving = 구매 기간
state-archived = 종료
state-voided = 무효

## 신청 상태: 다섯 낱말
status-not-yet = 아직
status-your-turn = 지금
status-done = 완료
status-ended = 종료
status-fault = 장애

## 시간대
part-am = 오전
part-noon = 점심
part-pm = 오후
part-eve = 저녁
part-any = 상관없음
wish-then = , 그다음{" "}

## 신청자에게 묻는 것, 대상군마다 구매하는 날
field-birth-digit = 태어난 해 끝자리
field-birth-parity = 태어난 해 홀짝
field-age-band = 나이
field-household = 세대원 수
value-odd = 홀수
value-even = 짝수
value-household = { $size }명
value-household-more = { $size }명 이상
value-ages = { $from }~{ $to }세
value-ages-more = { $from }세 이상
group-all = 누구나
days-heading = 구매할 수 있는 날
days-every = { $from }부터 { $last }까지 날마다 { $begin } ~ { $end }
days-later = 추첨이 끝나면 이 가운데 한 날에 내 시각이 정해집니다.

## 일정
time-opens = 신청 시작
time-closes = 신청 마감
time-seals = 명부 봉인
time-reveals = 시드 공개
time-pulse = 공개 난수 발표
time-results = 결과 안내 시작
time-first-slot = 첫 구매 시간
time-last-slot = 마지막 구매 시간 끝

## 처음 화면
home-heading = 줄 서지 않고, 내{"\u00A0"}시간에 구매합니다
home-lead = 며칠 동안 신청을 받습니다. 그다음 누구나 검증할 수 있는 추첨으로 한 분 한 분의 구매 시간을 정해 알려 드립니다.
home-rounds = 회차 안내
home-none = 지금 안내할 회차가 없습니다. 새 회차는 이 화면에 공고합니다.
home-opens = { $at }부터 신청
home-closes = { $at }까지 신청
home-closed = { $at }에 신청 마감

## 회차 화면
round-start = 신청하기
round-my = 내 신청 보기
round-not-yet = { $at }부터 신청할 수 있습니다.
round-until = { $at }까지 신청할 수 있습니다.
round-over = { $at }에 신청을 마감했습니다.
round-held = 추첨은 끝났고 결과는 바뀌지 않습니다. 발표 전 점검에서 확인할 것이 나와 담당자 두 명이 살펴보고 있습니다. 확인되는 대로 이 화면과 알림으로 결과를 알려 드립니다.
round-void-reason = 사유:
round-voided = 이 회차는 무효가 되었습니다. 신청하신 분께 불이익은 없습니다.
round-what = 무엇을 살 수 있습니까
round-cap = 한 사람 한도
round-price = 가격
round-price-text = { $unit } 상품을 { $price }에
round-price-free = 무료
round-budget = 전체 예산
round-entrants = 신청자
round-entrants-text = { $count }명
round-parts = 고를 수 있는 시간대
round-mode = 나누는 방법
mode-share = 균등 배분
mode-share-text = 신청이 많으면 예산을 모두에게 고르게 나눕니다. 신청한 금액보다 적을 수 있습니다.
mode-everyone = 전원 배정
mode-everyone-text = 신청한 분 모두에게 배정합니다. 추첨은 시간만 정합니다.
mode-lottery = 순번 배정
mode-lottery-text = 예산이 다할 때까지 추첨 순번대로 배정합니다. 나머지 분께는 예비 순번을 드립니다.
mode-lottery-because = 추첨으로 정하는 까닭:
round-reserves = 자리, 배정하는 차례대로
round-funds = 한 사람마다 받는 금액
round-places = { $count }명
round-cohorts = 누가 언제 살 수 있습니까
round-cohorts-text = 찾아보지 않아도 됩니다. 신청할 때 내가 살 수 있는 날을 알려 드립니다.
round-cohorts-all = 모든 대상군의 날 보기
round-how = 이렇게 진행합니다
how-1 = 신청합니다
how-1-text = 신청 기간 안에 아무 때나 신청합니다. 1분이면 됩니다.
how-2 = 추첨합니다
pulse-late = 공개 난수가 늦어지고 있습니다. 나오는 대로 추첨합니다. 다른 값으로 대신하지 않으며, 접수된 신청은 그대로입니다.
how-2-text = 신청자 명부를 봉인한 다음, 그 뒤에 나오는 공개 난수로 추첨합니다. 주관 기관도 결과를 고를 수 없습니다.
how-2-text-none = 신청자 명부를 봉인한 다음 추첨합니다. 모의훈련이라 공개 난수는 쓰지 않습니다.
how-3 = 내 시간을 알려 드립니다
how-3-text = 구매할 수 있는 시각과 금액을 한 분 한 분께 알립니다. 이 누리집에서도 볼 수 있습니다.
how-4 = 내 시간에 구매합니다
how-4-text = 그 시각부터 구매하면 됩니다. 조금 늦어도 구매 기한까지는 금액을 그대로 지킵니다.
round-schedule = 일정
schedule-past = 지남
schedule-next = 다음
round-proof = 추첨을 어떻게 믿을 수 있습니까
proof-commitment = 사전공개값
proof-commitment-text = 신청을 받기 전에 공개한 값입니다. 나중에 공개하는 시드와 맞는지 누구나 확인할 수 있습니다.
proof-beacon = 공개 난수원
beacon-none = 모의훈련: 주관 기관이 결과를 미리 알 수 있었습니다.
beacon-drand = drand. 명부를 봉인한 뒤에 나오는 값이라 아무도 미리 알 수 없습니다.
beacon-declared = 공고에서 정한 공개 값. 명부를 봉인한 뒤에 정해지며 누구나 볼 수 있습니다.
proof-record = 추첨 기록
proof-record-ready = 추첨 기록 보기
proof-record-later = 추첨이 끝나면 여기에서 받을 수 있습니다.
proof-seed = 공개된 시드

## 본인 확인
identity-heading = 본인 확인
identity-heading-my = 내 신청을 보기 위한 본인 확인
identity-lead = 한 분이 한 번 신청하는지 확인합니다. 적어 주신 연락처로 인증번호를 보냅니다.
identity-lead-known = 본인 확인은 이미 되었습니다. 이 추첨에 신청하려면 아래 내용에 동의해 주십시오.
identity-lead-my = 신청할 때 쓴 연락처를 적어 주십시오. 인증번호를 보냅니다.
channel-legend = 인증번호를 어디로 받으시겠습니까?
channel-email = 이메일
channel-phone = 휴대전화 문자
email-label = 이메일 주소
email-hint = 예: name@example.com
phone-label = 휴대전화 번호
phone-hint = 줄표는 없어도 됩니다. 예: 010-0000-0000
no-resident-number = 주민등록번호는 묻지 않습니다. 어디에도 입력하지 마십시오.
consent-heading = 개인정보를 이렇게 씁니다
consent-purpose = 목적
consent-purpose-text = 한 사람이 한 번 신청하는지 확인하고, 구매 시간을 알립니다.
consent-items = 항목
consent-items-text = 이메일 주소 또는 휴대전화 번호, 신청 금액, 원하는 시간대
consent-items-helped = 함께 신청하는 가족의 이름과 생년월일로 만든 부호(이름과 생년월일은 저장하지 않음)
consent-items-misses = 뒤에서 따로 동의하면, 자리를 받지 못한 회차를 적어 두는 가명
consent-until = 보유 기간
consent-until-text = { $date }까지 보관한 뒤 지웁니다.
consent-refuse = 거부할 권리
consent-refuse-text = 동의하지 않을 수 있습니다. 그러면 이 누리집에서는 신청할 수 없으니 문의처에 말씀해 주십시오.
consent-label = 위 내용을 읽었고 동의합니다
identity-submit = 인증번호 받기
identity-go-on = 동의하고 계속

## 인증번호
code-heading = 인증번호를 입력해 주십시오
code-sent = 인증번호를 보낸 곳: { $contact }
code-sent-again = 새 인증번호를 보냈습니다. 먼저 받은 번호는 이제 쓸 수 없습니다.
code-label = 인증번호 6자리
code-hint = { $length } 동안 쓸 수 있습니다. 붙여 넣어도 됩니다.
code-tries = 남은 입력 기회: { $tries }번
code-submit = 확인
code-secret = 인증번호를 묻는 전화나 문자는 사기입니다. 누구에게도 알려 주지 마십시오.
code-missing-question = 인증번호가 오지 않습니까?
code-look-email = 스팸 메일함도 살펴봐 주십시오. 1분이 지나도 오지 않으면 다시 받을 수 있습니다.
code-look-phone = 차단 문자함도 살펴봐 주십시오. 1분이 지나도 오지 않으면 다시 받을 수 있습니다.
code-again = 인증번호 다시 받기
code-other-contact = 연락처 고치기

## 묻는 것
about-heading = 몇 가지를 여쭙니다
about-lead = 답에 따라 구매하는 날과 우선배정이 정해집니다. 사실대로 답해 주십시오.
birth-year-label = 태어난 해
birth-year-hint = 예: 1987. 필요한 것만 알아내고 태어난 해는 저장하지 않습니다.
birth-year-keep = 비워 두면 전에 답하신 그대로입니다.
about-choose = 답을 고르십시오
about-published = 답은 접수번호와 함께 공개하며, 이름은 공개하지 않습니다.

## 금액과 시간대
details-heading = 금액과 시간대를 골라 주십시오
want-legend = 원하는 금액
want-choose = 금액을 고르십시오
want-each = 한 사람마다 받을 금액입니다.
want-fair = 금액이 적든 많든 좋은 시간을 받을 가능성은 같습니다.
want-share = 신청이 많으면 예산을 고르게 나누므로 이 금액보다 적을 수 있습니다.
want-everyone = 신청한 금액 그대로 배정합니다.
want-lottery = 예산이 거의 다 찼을 때는 남은 금액에 맞는 신청을 순번대로 배정합니다.
amount-and-price = { $amount } (내실 돈 { $price })
wish-legend = 원하는 시간대
wish-hint = 가장 좋은 시간대부터 솔직하게 고르는 것이 가장 유리합니다. 무엇을 골라도 금액은 줄지 않습니다. 자리가 없으면 다른 시간대를 배정합니다.
wish-1 = 가장 좋은 시간대
wish-2 = 두 번째로 좋은 시간대
wish-3 = 세 번째로 좋은 시간대
remember-legend = 자리를 받지 못하면
remember-hint = 앞선 회차에서 자리를 받지 못하신 분은 제비를 더 뽑습니다. 많게는 { $most }개입니다. 이를 위해 가명과 회차 번호만, 쓰이는 동안만 보관합니다.
remember-label = 예, 적어 두고 전에 적어 둔 것도 셉니다
details-submit = 다음

## 확인
check-heading = 신청 내용을 확인해 주십시오
check-heading-change = 바꾼 내용을 확인해 주십시오
check-contact = 연락처
check-want = 금액
check-price = 내실 돈
check-wish = 시간대
check-lots = 제비 { $lots }개. 요즘 자리를 받지 못한 횟수: { $misses }번
check-change = 고치기
check-until = { $at }까지 바꾸거나 취소할 수 있습니다. 바꿔도 추첨 조건은 같습니다.
check-twice = 버튼을 두 번 눌러도 신청은 하나만 접수됩니다.
check-submit = 신청하기
check-submit-change = 바꾼 내용으로 신청하기

## 내 신청
mine-heading = 내 신청
mine-fresh = 접수되었습니다
mine-fresh-text = 신청은 안전하게 저장되었습니다. 먼저 신청해도 유리하지 않고, 늦게 신청해도 불리하지 않습니다.
mine-status = 신청 상태
mine-entered-open = 신청이 접수되어 있습니다. 추첨은 아직 하지 않았습니다.
mine-entered-closed = 신청이 명부에 들어 있습니다. 결과를 기다려 주십시오.
mine-assigned = 구매 시간이 정해졌습니다. 이 시각부터 구매할 수 있습니다.
mine-your-turn = 지금 구매할 수 있습니다.
mine-over = 배정된 구매 시간이 끝났습니다.
mine-start = 내 구매 시간
mine-until = 구매 기한
mine-until-text = { $at }까지
mine-amount = 금액
mine-price = 내실 돈
mine-rank = 추첨 순번
mine-rank-text = 신청 { $count }건 가운데 { $rank }
mine-seller = 구매하는 곳
mine-no-hurry = 서두르지 않아도 됩니다. 구매 기한까지는 이 금액이 다른 분께 넘어가지 않습니다.
mine-waitlisted = 이번 배정에서는 자리가 나지 않았습니다. 예비 순번이 있습니다.
mine-position = 예비 순번
mine-position-text = 예비 { $count }건 가운데 { $position }
mine-waitlisted-next = 자리가 나면 예비 순번대로 알려 드립니다. 선착순이 아니므로 화면을 지켜보지 않아도 됩니다.
mine-done = 구매를 마쳤습니다.
mine-done-at = 구매한 때
mine-unplaced = 이번 회차가 끝날 때까지 자리가 나지 않았습니다.
mine-lapsed = 배정된 시간에 구매하지 않아 배정이 끝났습니다.
mine-ended-next = 다음 회차가 공고되면 다시 신청할 수 있습니다. 이번 일로 불리해지는 것은 없습니다.
mine-withdrawn = 신청을 취소하셨습니다.
mine-withdrawn-at = 취소한 때
mine-withdrawn-open = { $at }까지 다시 신청할 수 있습니다. 접수번호는 그대로이고 추첨 조건도 같습니다.
mine-voided = 이 회차는 무효가 되었습니다.
mine-voided-next = 신청하신 분께 불이익은 없습니다. 새 회차는 처음 화면에 공고합니다.
mine-fault = 장애가 있어 처리가 늦어지고 있습니다.
mine-fault-next = 신청과 배정은 그대로입니다. 고쳐지면 알려 드리며, 지금 하실 일은 없습니다.
mine-receipt = 접수번호
mine-receipt-text = 공개되는 번호입니다. 이 번호만으로는 아무도 신청을 바꾸거나 구매할 수 없습니다.
mine-recorded = 접수 내용
mine-want = 신청 금액
mine-wish = 시간대
mine-seats = 인원
mine-seats-text = { $count }명
mine-weight = 제비
mine-weight-text = { $count }개. 가장 작은 것으로 정합니다
mine-entered-at = 접수한 때
mine-next = 앞으로의 일정
mine-next-close = 신청을 마감합니다. 그때까지 바꾸거나 취소할 수 있습니다.
mine-next-results = 결과를 이 화면에서 볼 수 있습니다. 알림은 차례로 보내며, 늦게 받아도 불리하지 않습니다.
mine-change = 신청 내용 바꾸기
mine-withdraw = 신청 취소
mine-leave-joint = 함께하는 신청에서 나가기
mine-again = 다시 신청하기
mine-leave = 이 기기에서 내 정보 지우기
mine-signed = 서명된 접수증
mine-signed-text = 신청을 접수했다는 증거입니다. 봉인된 명부에 내 접수번호가 없으면 이것으로 증명할 수 있습니다.
mine-download = 접수증 내려받기(텍스트 파일)

## 신청이 없음
roster-heading = 명단에서 본인 확인
roster-lead = 이 회차는 시에서 만든 명단에 있는 분을 위한 것입니다. 읍·면·동에 등록된 대로 이름과 생년월일을 쓰십시오.
roster-name = 이름
roster-name-hint = 주민등록에 있는 대로 쓰십시오. 띄어쓰기는 상관없습니다.
roster-birth = 생년월일
roster-birth-hint = 예: 1960-01-31. 주민등록번호는 쓰지 마십시오.
roster-unknown-heading = 이 회차의 명단에서 찾지 못했습니다
roster-unknown-why = 이 회차에는 시에서 만든 명단에 있는 분만 참여합니다.
roster-unknown-contact = 확인하신 연락처({ $contact })로 찾아보았습니다.
roster-unknown-name = 쓰신 이름과 생년월일로 찾아보았습니다. 1분 뒤에 다시 해 볼 수 있습니다.
roster-unknown-tell = 명단에 있어야 한다고 생각하시면 { $at }까지 알려 주십시오. 연락처: { $contact }. 그때까지 명단을 바로잡을 수 있고, 그 때문에 불리해지는 것은 없습니다.
roster-unknown-late = 명단은 신청 마감 때 확정되었습니다. 명단에 있어야 했다고 생각하시면 알려 주십시오. 연락처: { $contact }.
roster-other = 다른 번호나 주소로 등록하셨습니까?
roster-only = 이 회차는 시에서 만든 명단에 있는 분을 위한 것입니다.
roster-serves = 명단에 있는 분은 신청하지 않아도 모두 참여합니다. 원하는 시간대를 말할 수 있습니다.
no-entry-heading = 이 회차에는 신청하신 내용이 없습니다
no-entry-open = 지금 신청할 수 있습니다. { $at }까지 받습니다.
no-entry-announced = { $at }부터 신청할 수 있습니다.
no-entry-closed = { $at }에 신청을 마감했습니다. 다음 회차는 처음 화면에 공고합니다.
no-entry-other = 다른 연락처로 신청하셨다면
no-entry-other-link = 그 연락처로 확인하기

## 신청 취소
withdraw-heading = 신청을 취소하시겠습니까?
withdraw-text = 취소하면 이번 추첨에서 빠집니다.
withdraw-again = { $at }까지 다시 신청할 수 있습니다. 접수번호는 그대로이고 추첨 조건도 같습니다.
withdraw-others = 다른 분의 추첨에는 아무 영향이 없습니다.
withdraw-member = 함께하는 신청에서 내 자리만 빠지고 다른 분들은 그대로 남습니다. 그다음 따로 신청할 수 있습니다.
withdraw-opener = 함께하는 분들도 모두 빠집니다. 연결 부호로 함께한 분께는 알려 드리며, 따로 신청할 수 있습니다.
withdraw-submit = 신청 취소
withdraw-keep = 취소하지 않고 돌아가기

## 한 신청에 든 사람
people-heading = 함께 신청하는 사람
people-lead = 한 신청에 든 분은 모두 같은 시각을 받습니다. { $at }까지 바꿀 수 있습니다.
people-joint = 스스로 확인하고 함께하는 사람
people-joint-count = 나를 넣어 { $count }명, 많게는 { $most }명까지입니다.
people-code = 연결 부호
people-code-text = 함께할 분께만 알려 주십시오. 그분은 회차 화면에서 ‘연결 부호로 함께하기’를 고르고 본인 확인을 한 다음 이 부호를 입력합니다.
people-open = 연결 부호 받기
people-helped = 내가 대신 신청하는 사람
people-helped-text = 자녀나 직접 신청하기 어려운 분을 함께 신청합니다. 두 번 신청되지 않도록 이름과 생년월일로 부호를 만들고, 이름과 생년월일은 저장하지 않습니다.
people-limit-minors = 19세 미만 { $minors }명까지입니다.
people-limit-adults = 성인 { $adults }명까지입니다.
people-limit-both = 19세 미만 { $minors }명, 성인 { $adults }명까지입니다.
people-minor = { $number }번째(19세 미만), { $at }에 넣음
people-adult = { $number }번째(성인), { $at }에 넣음
people-remove = 빼기
people-name = 이름
people-name-hint = 공문서에 적힌 그대로
people-born = 생년월일
people-born-hint = 예: 2015-03-01. 주민등록번호는 넣지 마십시오.
people-add = 이 사람 넣기
join-heading = 연결 부호로 함께하기
join-lead = 먼저 신청한 분의 연결 부호로 같은 시각에 함께합니다. 그 신청에 들어가므로 따로 신청하지 않아도 됩니다.
join-hint = 글자와 숫자 8자리. 예: 7k3m-9x2p
join-submit = 함께하기

## 추첨 기록
record-heading = 추첨 기록
record-lead = 이 파일만 있으면 누구나 추첨을 처음부터 다시 계산할 수 있습니다. 개인정보는 들어 있지 않습니다.
record-how = 두 명령으로 확인하기
record-how-folder = 아래 파일을 모두 한 폴더에 내려받고, 그 폴더에서 실행합니다.
record-how-1 = 파일이 바뀌지 않았는지 확인합니다.
record-how-2 = 추첨을 다시 계산해 결과와 견줍니다.
record-verify = 이 브라우저에서 바로 확인하기
record-archive = 모든 파일을 한 번에 받기(ZIP)
record-files = 파일

why-heading = 왜 이 시각을 받았습니까?
why-heading-waitlisted = 왜 예비로 배정되었습니까?
why-lead = 내 제비의 순번은 신청 { $count }건 가운데 { $rank }입니다.
why-lots = 추첨에서는 신청마다 숫자 하나, 곧 제비를 뽑습니다. 가장 작은 제비부터 차례로 시간대를 정합니다. 제비는 신청이 끝난 뒤에야 완성되는 시드에서 나옵니다.
why-table = 가장 작은 제비와 내 제비의 앞뒤
why-rank = { $rank }
why-lot = 제비
why-own = (나)
why-weight = 나는 제비 { $count }개를 뽑았습니다. 그 가운데 가장 작은 것으로 정합니다.
why-nobody = 아무도 제비를 고를 수 없었습니다. 언제 신청했는지, 얼마를 원했는지, 어느 시간대를 골랐는지는 제비에 아무 영향이 없습니다.
why-verify = 여기에서 다시 계산해 보기
why-back = 내 신청으로 돌아가기

## 붐빌 때
busy-heading = 지금 이용하시는 분이 많습니다
busy-text = 보내신 내용은 아직 접수되지 않았습니다. 이 화면에 그대로 남아 있으니 다시 적지 않아도 됩니다.
busy-text-page = 화면을 바로 보여 드리지 못했습니다. 이미 접수된 신청은 그대로입니다.
busy-wait = { $length }쯤 뒤에 아래 버튼을 눌러 주십시오.
busy-seconds = { $seconds }초
busy-again = 다시 보내기
busy-open = 다시 열기

## 다른 문제
problem-nothing-lost = 이미 접수된 신청은 그대로입니다. 없어진 것은 없습니다.
problem-reference = 문의하실 때 알려 주실 번호: { $reference }
problem-next-home = 처음 화면으로 가기
problem-next-form = 새 양식 열기
problem-next-identity = 본인 확인하기
problem-next-round = 회차 안내 보기
problem-not-found = 찾으시는 화면이 없습니다
problem-not-found-text = 주소가 잘못되었거나 화면이 없어졌습니다.
problem-bad-request = 보내신 내용을 읽지 못했습니다
problem-bad-request-text = 브라우저가 보낸 양식이 온전하지 않습니다. 처음부터 다시 해 주십시오.
problem-form-too-old = 양식을 연 지 오래되었습니다
problem-form-too-old-text = 안전을 위해 오래된 양식은 받지 않습니다. 새 양식을 열어 다시 보내 주십시오.
problem-signed-out = 본인 확인이 필요합니다
problem-signed-out-text = 본인 확인을 하지 않았거나 시간이 지났습니다. 다시 확인하면 이어서 할 수 있습니다.
problem-wrong-method = 이 화면은 이렇게 열 수 없습니다
problem-wrong-method-text = 처음 화면에서 다시 시작해 주십시오.
problem-too-large = 보내신 내용이 너무 큽니다
problem-too-large-text = 이 누리집의 양식보다 훨씬 큰 내용이 와서 받지 않았습니다.
problem-too-slow = 내용이 끝까지 도착하지 않았습니다
problem-too-slow-text = 연결이 느려 중간에 멈췄습니다. 연결 상태를 살핀 뒤 다시 해 주십시오.
problem-not-open = 아직 신청 기간이 아닙니다
problem-not-open-text = { $at }부터 신청할 수 있습니다. 먼저 신청해도 유리하지 않으니 편한 때에 오십시오.
problem-closed = 신청 기간이 끝났습니다
problem-closed-text = { $at }에 신청을 마감했습니다. 그 전에 접수된 신청은 그대로입니다.
problem-internal = 저희 쪽에 문제가 생겼습니다
problem-internal-text = 잠시 뒤 다시 해 주십시오. 계속되면 문의처에 알려 주십시오.

## 운영 상황
status-heading = 운영 상황
status-ok = 정상 운영 중입니다.
status-bad = 장애가 있어 고치고 있습니다. 이미 접수된 신청과 배정은 그대로이며, 지금 하실 일은 없습니다.
status-at = { $at } 현재
status-rounds = 회차

## 시에서 보낸 알림이 맞습니까
footer-sent = 시에서 보낸 알림이 맞습니까?
sent-heading = 시에서 보낸 알림이 맞습니까?
sent-lead = 저희가 보내는 메일과 문자에는 확인번호가 있습니다. 그 번호를 입력하시면 저희가 보낸 것인지 알려 드립니다.
sent-label = 확인번호 8자리
sent-hint = 예: 7K3M-9QXA. 줄표와 띄어쓰기는 없어도 됩니다.
sent-submit = 확인
sent-yes = 네, 저희가 보낸 알림입니다
sent-no = 저희가 보낸 알림이 아닙니다
sent-typed = 입력하신 번호
sent-of = 무엇에 관한 알림입니까
sent-day = 보낸 날
sent-nothing = 없음
sent-of-entry = 신청의 접수나 변경, 취소
sent-of-seal = 신청자 명부의 봉인
sent-of-result = 추첨 결과
sent-of-void = 회차의 무효
sent-of-change = 구매 시간의 안내나 변경
sent-yes-next = 알림의 내용은 ‘내 신청’에서 다시 볼 수 있습니다. 받으신 알림이 위와 다르거나 링크를 누르라고 하면 문의처에 알려 주십시오.
sent-no-next = 번호를 다시 살펴봐 주십시오. 그래도 아니면 그 메일이나 문자의 링크를 누르거나 답하지 마시고, 지우신 뒤 아래 문의처나 국번 없이 118(한국인터넷진흥원)에 알려 주십시오.
sent-know = 저희는 이렇게 보냅니다
sent-know-links = 누를 링크를 보내지 않습니다.
sent-know-money = 돈이나 계좌, 주민등록번호를 묻지 않습니다.
sent-know-code = 인증번호를 보내는 메일과 문자에는 확인번호가 없습니다. 인증번호는 방금 직접 요청하셨을 때만 갑니다.

## 이메일 그만 받기
unsubscribe-heading = 이 회차의 이메일을 그만 받으시겠습니까?
unsubscribe-heading-done = 이 회차의 이메일을 더 보내지 않습니다
unsubscribe-entry = 신청은 그대로입니다. 신청 취소가 아닙니다.
unsubscribe-instead = 휴대전화 번호를 알려 주셨다면 문자로 알려 드립니다. 아니면 담당자가 따로 연락드릴 분의 명단에 올립니다.
unsubscribe-none = 결과와 구매 시간은 이 누리집의 ‘내 신청’에서 언제든지 볼 수 있습니다.
unsubscribe-submit = 이메일 그만 받기
unsubscribe-keep = 계속 받기
unsubscribe-again = 다시 이메일로 받기

## 양식의 오류
error-channel-missing = 인증번호를 받을 방법을 고르십시오
error-email-missing = 이메일 주소를 입력하십시오
error-name-missing = 이름을 쓰십시오.
error-birth-invalid = 연도 네 자리를 넣어 생년월일을 쓰십시오. 예: 1960-01-31
error-roster-wait = 1분 뒤에 다시 해 주십시오.
error-email-invalid = 이메일 주소를 name@example.com 같은 모양으로 입력하십시오
error-phone-missing = 휴대전화 번호를 입력하십시오
error-phone-invalid = 휴대전화 번호를 010-0000-0000 같은 모양으로 입력하십시오
error-consent-missing = 신청하려면 개인정보 이용에 동의해 주십시오
error-code-missing = 인증번호를 입력하십시오
error-code-wrong = 인증번호가 맞지 않습니다. { $tries }번 더 입력할 수 있습니다
error-code-expired = 인증번호의 유효 시간이 지났습니다. 인증번호를 다시 받으십시오
error-code-too-many = 인증번호가 여러 번 맞지 않았습니다. 인증번호를 다시 받으십시오
error-code-too-often = 인증번호를 여러 번 요청하셨습니다. 잠시 뒤 다시 받으십시오
error-want-missing = 원하는 금액을 고르십시오
error-want-not-offered = 금액은 목록에서 고르십시오
error-want-over-cap = 한 사람이 살 수 있는 금액은 { $cap }까지입니다
error-wish-twice = 같은 시간대를 두 번 고르셨습니다. 다른 시간대를 고르십시오
error-wish-unknown = 시간대는 목록에서 고르십시오
error-wish-elsewhere = 그 시간대에는 구매할 수 없습니다. 구매할 수 있는 날: { $days }. 이 가운데에서 고르십시오
error-birth-year-missing = 태어난 해를 입력하십시오
error-birth-year-invalid = 태어난 해를 네 자리 숫자로 입력하십시오. 예: 1987
error-birth-year-age = 이 회차에 신청할 수 있는 나이가 아닙니다
error-answer-missing = 답해 주십시오: { $label }
error-answer-not-offered = 목록에서 답을 고르십시오
error-answer-unlisted = 명단에 이 항목이 없습니다: { $label }. 문의처에 말씀해 주십시오
error-person-name-missing = 이름을 입력하십시오
error-name-invalid = 이름을 글자로만 입력하십시오
error-born-missing = 생년월일을 입력하십시오
error-born-invalid = 생년월일을 다음과 같이 입력하십시오. 예: 2015-03-01
error-person-full = 넣을 수 있는 인원을 모두 넣었습니다
error-person-elsewhere = 이미 다른 신청에 들어 있는 분입니다. 한 사람은 한 신청에만 들 수 있습니다
error-link-missing = 연결 부호를 입력하십시오
error-link-wrong = 이 연결 부호로 된 신청이 없습니다. 알려 준 분께 확인해 주십시오
error-link-too-many = 너무 여러 번 입력했습니다. 한 시간 뒤에 다시 해 주십시오
error-link-full = 그 신청에는 더 들어갈 자리가 없습니다
error-link-own = 이미 따로 신청하셨습니다. 그 신청을 먼저 취소한 뒤 함께해 주십시오
error-link-elsewhere = 이미 다른 신청에 함께하고 있습니다. 거기에서 먼저 나와 주십시오
error-link-others = 그 신청의 자리나 금액은 답이 같은 분만 함께할 수 있습니다. 따로 신청해 주십시오
error-resident-number = 주민등록번호는 입력하지 마십시오
error-form-too-old = 양식을 연 지 오래되었습니다. 내용을 확인하고 다시 보내십시오
error-round-not-open = 아직 신청 기간이 아닙니다. { $at }부터 신청할 수 있습니다
error-round-closed = { $at }에 신청을 마감했습니다. 그 전에 접수된 신청은 그대로입니다

## 메일
mail-sender = { $municipality }에서 보냅니다.
mail-no-links = 이 메일에는 누를 링크가 없습니다. 링크를 누르라는 메일이나 문자는 저희가 보낸 것이 아닙니다.
mail-site = 직접 확인하시려면: { $site }
mail-contact = 문의: { $contact }
mail-title = 회차: { $title }
mail-told-code = 확인번호: { $code } (누리집의 “시에서 보낸 알림이 맞습니까?”에 입력하면 저희가 보낸 것인지 알 수 있습니다.)
invite-summary = { $title } 구매 ({ $amount })
invite-text = 구매 기한: { $until }까지. 접수번호: { $receipt }
invite-alarm = { $title } 구매 시간이 30분 남았습니다.
mail-receipt = 접수번호: { $receipt }
mail-want = 신청 금액: { $amount }
mail-code-subject = [{ $municipality }] 인증번호 안내
mail-code = 인증번호: { $code }
mail-code-next = { $length } 안에 화면에 입력해 주십시오.
mail-code-not-you = 요청하신 적이 없다면 이 메일은 지우셔도 됩니다. 신청된 것도 바뀐 것도 없습니다.
mail-entered-subject = [{ $municipality }] 신청이 접수되었습니다
mail-entered = 신청이 접수되었습니다. 안전하게 저장되었고 없어지지 않습니다.
mail-entered-closes = { $at }까지 바꾸거나 취소할 수 있습니다.
mail-entered-results = { $at }부터 결과를 볼 수 있습니다. 결과는 알림으로도 보내 드립니다.
mail-withdrawn-subject = [{ $municipality }] 신청이 취소되었습니다
mail-withdrawn = 신청이 취소되었습니다. 이번 추첨에서 빠집니다.
mail-withdrawn-next = 신청 기간 안에는 다시 신청할 수 있습니다. 접수번호는 그대로이고 추첨 조건도 같습니다.
mail-withdrawn-not-you = 취소하신 적이 없다면 문의처에 바로 알려 주십시오.
mail-sealed-subject = [{ $municipality }] 신청자 명부가 봉인되었습니다
mail-sealed = 신청자 명부를 봉인했습니다. 이제 아무도 명부를 바꿀 수 없고, 추첨은 아직 하지 않았습니다.
mail-sealed-keep = 아래 내용은 봉인과 공개 일지의 서명입니다. 보관해 두시면 나중에 누가 다른 명부를 내보일 때 이 메일이 증거가 됩니다. 따로 하실 일은 없습니다.
mail-voided-subject = [{ $municipality }] 이 회차는 무효가 되었습니다
mail-voided = 신청하신 회차가 무효가 되었습니다. 추첨하지 않으며, 신청하신 분께 불이익은 없습니다.
mail-voided-next = 무효 사유는 누리집의 회차 안내에서 누구나 볼 수 있습니다. 새 회차는 누리집에 공고합니다.
mail-assigned-subject = [{ $municipality }] 구매 시간이 정해졌습니다
mail-assigned = 추첨으로 구매 시간이 정해졌습니다.
mail-assigned-start = 구매 시간: { $at }부터
mail-assigned-until = 구매 기한: { $at }까지
mail-assigned-amount = 금액: { $amount }
mail-assigned-rank = 추첨 순번: 신청 { $count }건 가운데 { $rank }
mail-assigned-next = 그 시각부터 구매하시면 됩니다. 늦어도 구매 기한까지는 이 금액이 다른 분께 넘어가지 않습니다.
mail-waitlisted-subject = [{ $municipality }] 예비 순번을 알려 드립니다
mail-waitlisted = 이번 배정에서는 자리가 나지 않았습니다. 예비 순번을 알려 드립니다.
mail-waitlisted-position = 예비 순번: 예비 { $count }건 가운데 { $position }
mail-waitlisted-next = 신청은 그대로 살아 있습니다. 자리가 나면 예비 순번대로 알려 드리며, 하실 일은 없습니다.

## 문자: CP949 글자만 쓰고, 인증번호 문자는 90바이트를 넘지 않습니다
sms-code = [{ $municipality }] 인증번호 { $code }. { $length } 안에 입력하시고 남에게 알리지 마십시오.
sms-told-code = 확인번호 { $code }, 확인하실 곳: { $site }
sms-entered = [{ $municipality }] { $title } 신청({ $amount })이 접수되었습니다. 접수번호 { $receipt }, 결과는 { $at }부터 보실 수 있습니다.
sms-withdrawn = [{ $municipality }] { $title } 신청이 취소되었습니다. 접수번호 { $receipt }, 신청 기간 안에는 다시 신청하실 수 있습니다.
sms-sealed = [{ $municipality }] { $title } 신청자 명부가 봉인되었습니다. 접수번호 { $receipt }, 하실 일은 없습니다.
sms-voided = [{ $municipality }] { $title } 회차가 무효가 되었습니다. 접수번호 { $receipt }, 불이익은 없습니다. 새 회차는 누리집에 공고합니다.
sms-assigned = [{ $municipality }] { $title } 구매 시간은 { $start }부터이며 금액은 { $amount }입니다. { $until }까지는 늦어도 그대로입니다. 접수번호 { $receipt }
sms-waitlisted = [{ $municipality }] { $title } 예비 순번은 { $count }건 가운데 { $position }입니다. 자리가 나면 순번대로 알려 드리며 하실 일은 없습니다. 접수번호 { $receipt }
