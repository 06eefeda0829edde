# 쉬운 말: 글이 어려운 분도 혼자 읽고 할 수 있게 씁니다.
# 한 문장에 한 가지만 말합니다. 어려운 낱말은 쓰지 않거나 바로 풀어 씁니다. 늘 높임말로 씁니다.
# 한국어와 같은 열쇠, 같은 변수를 둡니다. 변수 바로 뒤에는 은/는, 이/가, 을/를, 와/과, 으로/로를 붙이지 않습니다.

## 모든 화면
service = 사는 시간 뽑기
skip = 글 있는 곳으로 바로 가기
languages = 말 고르기
error-prefix = 다시 봐 주세요: { $heading }
error-summary = 다시 봐 주세요
rehearsal = 연습입니다. 진짜로 팔지 않습니다.
title-rehearsal = [연습] { $title }
early = 빨리 신청해도 더 좋은 것은 없습니다.
early-why = 첫날에 신청해도, 마지막 날에 신청해도 똑같습니다.
shared-device = 여러 사람이 쓰는 컴퓨터인가요? 다 하면 인터넷 창을 모두 닫아 주세요.
help = 도와 드릴까요?
help-contact = 물어볼 곳: { $contact }
server-time = 지금 시각 { $at }
footer-jebi = 누구나 다시 계산해 볼 수 있는 뽑기 프로그램 제비(jebi)를 씁니다.
footer-status = 지금 잘 되고 있나요
to-round = 안내 보기
steps = 신청 순서
step-identity = 연락처 확인
step-details = 돈과 시간 고르기
step-check = 마지막 확인

## 회차 상태
state-announced = 곧 시작
state-open = 신청 받는 중
state-closed = 신청 끝남
state-sealed = 목록 잠금
state-drawn = 뽑기 끝남
state-serving = 사는 기간
state-archived = 모두 끝남
state-voided = 없던 일이 됨

## 신청 상태: 다섯 낱말
status-not-yet = 아직
status-your-turn = 지금
status-done = 다 했음
status-ended = 끝남
status-fault = 고장

## 시간대
part-am = 오전
part-noon = 점심때
part-pm = 오후
part-eve = 저녁
part-any = 아무 때나 좋아요
wish-then = , 그다음{" "}

## 신청할 때 묻는 것
field-birth-digit = 태어난 해의 마지막 숫자
field-birth-parity = 태어난 해가 홀수인지 짝수인지
field-age-band = 나이
field-household = 같이 사는 가족 수
value-odd = 홀수
value-even = 짝수
value-household = { $size }명
value-household-more = { $size }명보다 많거나 같음
value-ages = { $from }살부터 { $to }살까지
value-ages-more = { $from }살이거나 더 많음
group-all = 누구나
days-heading = 내가 살 수 있는 날
days-every = { $from }부터 { $last }까지 날마다 { $begin } ~ { $end }
days-later = 뽑기가 끝나면 이 가운데 하루에 내 시각을 정해 드립니다.

## 일정
time-opens = 신청을 시작하는 때
time-closes = 신청이 끝나는 때
time-seals = 신청한 사람 목록을 잠그는 때
time-reveals = 감춰 둔 숫자를 보여 주는 때
time-pulse = 뽑기에 쓸 숫자가 나오는 때
time-results = 결과를 알리기 시작하는 때
time-first-slot = 처음으로 살 수 있는 때
time-last-slot = 마지막으로 살 수 있는 때

## 처음 화면
home-heading = 줄을 서지 않습니다. 내{"\u00A0"}시간에 삽니다.
home-lead = 며칠 동안 신청을 받습니다. 그다음 뽑기로 사는 시간을 정합니다. 뽑기가 바른지는 누구나 확인할 수 있습니다. 내 시간은 따로 알려 드립니다.
home-rounds = 지금 하는 것
home-none = 지금은 신청할 것이 없습니다. 새로 생기면 여기에 올립니다.
home-opens = { $at }부터 신청할 수 있습니다
home-closes = { $at }까지 신청할 수 있습니다
home-closed = { $at }에 신청이 끝났습니다

## 회차 화면
round-start = 신청하기
round-my = 내 신청 보기
round-not-yet = { $at }부터 신청할 수 있습니다.
round-until = { $at }까지 신청할 수 있습니다.
round-over = { $at }에 신청이 끝났습니다.
round-held = 뽑기는 끝났습니다. 결과는 바뀌지 않습니다. 알려 드리기 전에 담당자 두 명이 한 번 더 살펴보고 있습니다. 다 살펴보면 바로 알려 드립니다.
round-void-reason = 까닭:
round-voided = 이번 것은 없던 일이 되었습니다. 신청하신 분께 나쁜 일은 없습니다.
round-what = 무엇을 살 수 있나요
round-cap = 한 사람이 살 수 있는 가장 큰 돈
round-price = 값
round-price-text = { $unit } 상품권을 { $price }에 삽니다
round-price-free = 돈을 내지 않습니다
round-budget = 모두 합한 돈
round-entrants = 신청한 사람
round-entrants-text = { $count }명
round-parts = 고를 수 있는 시간
round-mode = 어떻게 나누나요
mode-share = 똑같이 나누기
mode-share-text = 신청한 사람이 많으면 돈을 똑같이 나눕니다. 그러면 내가 고른 돈보다 적을 수 있습니다.
mode-everyone = 모두에게 주기
mode-everyone-text = 신청한 사람 모두가 받습니다. 뽑기는 시간만 정합니다.
mode-lottery = 뽑힌 차례대로 주기
mode-lottery-text = 뽑힌 차례대로 드립니다. 돈이 다 떨어지면 멈춥니다. 나머지 분께는 기다리는 번호를 드립니다.
mode-lottery-because = 뽑아서 정하는 까닭:
round-reserves = 자리를 나누는 순서
round-funds = 한 사람마다 받는 돈
round-places = { $count }명
round-cohorts = 누가 언제 살 수 있나요
round-cohorts-text = 찾아보지 않아도 됩니다. 신청할 때 내 날을 알려 드립니다.
round-cohorts-all = 다른 사람들의 날도 보기
round-how = 이렇게 합니다
how-1 = 신청합니다
how-1-text = 신청 기간이면 언제 해도 됩니다. 1분이면 됩니다.
how-2 = 뽑습니다
pulse-late = 뽑기에 쓸 숫자가 아직 나오지 않았습니다. 나오면 바로 뽑습니다. 다른 숫자를 대신 쓰지 않습니다. 신청은 그대로 있습니다.
how-2-text = 먼저 신청한 사람 목록을 잠급니다. 그 뒤에 나오는 숫자로 뽑습니다. 이 숫자는 아무도 미리 알 수 없습니다. 그래서 누구도 결과를 고를 수 없습니다.
how-2-text-none = 먼저 신청한 사람 목록을 잠급니다. 그다음 뽑습니다. 연습이라서 모두가 보는 숫자는 쓰지 않습니다.
how-3 = 내 시간을 알려 드립니다
how-3-text = 언제, 얼마를 살 수 있는지 한 분씩 알려 드립니다. 이 화면에서도 볼 수 있습니다.
how-4 = 내 시간에 삽니다
how-4-text = 그 시각부터 사면 됩니다. 조금 늦어도 괜찮습니다. 정해진 때까지 내 몫을 남겨 둡니다.
round-schedule = 날짜와 시간
schedule-past = 지남
schedule-next = 다음
round-proof = 이 뽑기를 믿어도 되나요
proof-commitment = 미리 보여 준 값
proof-commitment-text = 신청을 받기 전에 먼저 보여 준 값입니다. 나중에 감춰 둔 숫자를 보여 줄 때, 서로 맞는지 누구나 볼 수 있습니다.
proof-beacon = 뽑기에 쓸 숫자가 나오는 곳
beacon-none = 연습: 여는 곳이 결과를 미리 알 수 있었습니다.
beacon-drand = drand라는 곳입니다. 목록을 잠근 다음에 숫자가 나옵니다. 그래서 아무도 미리 알 수 없습니다.
beacon-declared = 공고에서 정한 숫자입니다. 목록을 잠근 다음에 정해집니다. 누구나 볼 수 있습니다.
proof-record = 뽑기 기록
proof-record-ready = 뽑기 기록 보기
proof-record-later = 뽑기가 끝나면 여기에서 볼 수 있습니다.
proof-seed = 이제 보여 준 숫자

## 본인 확인
identity-heading = 내가 누구인지 확인하기
identity-heading-my = 내 신청을 보려면 확인이 필요합니다
identity-lead = 한 사람이 한 번만 신청하는지 확인합니다. 적어 주신 곳으로 숫자 6개를 보냅니다.
identity-lead-known = 확인은 이미 끝났습니다. 아래 글을 읽고 동의해 주세요.
identity-lead-my = 신청할 때 쓴 이메일이나 전화번호를 적어 주세요. 그곳으로 숫자 6개를 보냅니다.
channel-legend = 숫자를 어디로 받을까요?
channel-email = 이메일
channel-phone = 휴대전화 문자
email-label = 이메일 주소
email-hint = 이렇게 적습니다: name@example.com
phone-label = 휴대전화 번호
phone-hint = 이렇게 적습니다: 010-0000-0000
no-resident-number = 주민등록번호는 묻지 않습니다. 어디에도 적지 마세요.
consent-heading = 적어 주신 것을 이렇게 씁니다
consent-purpose = 왜 받나요
consent-purpose-text = 한 사람이 한 번만 신청하는지 봅니다. 그리고 사는 시간을 알려 드립니다.
consent-items = 무엇을 받나요
consent-items-text = 이메일 주소나 휴대전화 번호, 고른 돈, 고른 시간
consent-items-helped = 가족의 이름과 생일로 만든 번호(이름과 생일은 저장하지 않습니다)
consent-items-misses = 뒤에서 동의하면, 자리를 못 받은 때를 적어 두는 번호
consent-until = 언제까지 가지고 있나요
consent-until-text = { $date }까지 두었다가 지웁니다.
consent-refuse = 싫다고 할 수 있나요
consent-refuse-text = 싫다고 해도 됩니다. 다만 이 화면에서는 신청할 수 없습니다. 물어볼 곳에 전화해 주세요.
consent-label = 읽었습니다. 동의합니다
identity-submit = 숫자 받기
identity-go-on = 동의하고 다음으로

## 인증번호
code-heading = 받은 숫자를 적어 주세요
code-sent = 숫자를 보낸 곳: { $contact }
code-sent-again = 숫자를 새로 보냈습니다. 앞에 받은 숫자는 이제 쓸 수 없습니다.
code-label = 숫자 6개
code-hint = { $length } 안에 적어 주세요. 복사해서 붙여도 됩니다.
code-tries = 앞으로 { $tries }번 더 적을 수 있습니다
code-submit = 확인
code-secret = 이 숫자를 알려 달라는 사람은 사기꾼입니다. 아무에게도 알려 주지 마세요.
code-missing-question = 숫자가 오지 않나요?
code-look-email = 스팸 편지함도 봐 주세요. 1분이 지나도 없으면 다시 받을 수 있습니다.
code-look-phone = 막아 둔 문자함도 봐 주세요. 1분이 지나도 없으면 다시 받을 수 있습니다.
code-again = 숫자 다시 받기
code-other-contact = 이메일이나 전화번호 고치기

## 묻는 것
about-heading = 몇 가지를 물어봅니다
about-lead = 답에 따라 살 수 있는 날이 정해집니다. 사실대로 답해 주세요.
birth-year-label = 태어난 해
birth-year-hint = 보기: 1987. 태어난 해는 저장하지 않습니다.
birth-year-keep = 비워 두면 전에 답한 그대로입니다.
about-choose = 답을 고르세요
about-published = 답은 접수번호와 함께 모두에게 보입니다. 이름은 보이지 않습니다.

## 금액과 시간대
details-heading = 돈과 시간을 골라 주세요
want-legend = 얼마를 사고 싶은가요
want-choose = 하나 골라 주세요
want-each = 한 사람이 살 돈입니다.
want-fair = 적게 골라도, 많이 골라도 좋은 시간을 받을 기회는 똑같습니다.
want-share = 신청한 사람이 많으면 똑같이 나눕니다. 그러면 고른 돈보다 적을 수 있습니다.
want-everyone = 고른 만큼 드립니다.
want-lottery = 남은 돈이 적어지면, 그 돈에 맞는 분께 차례대로 드립니다.
amount-and-price = { $amount } (내가 내는 돈 { $price })
wish-legend = 어느 시간이 좋은가요
wish-hint = 가장 좋은 시간부터 솔직하게 골라 주세요. 그렇게 하는 것이 가장 좋습니다. 어느 시간을 골라도 돈은 줄지 않습니다. 자리가 없으면 다른 시간을 드립니다.
wish-1 = 가장 좋은 시간
wish-2 = 두 번째로 좋은 시간
wish-3 = 세 번째로 좋은 시간
remember-legend = 자리를 못 받으면
remember-hint = 전에 자리를 못 받은 분은 제비를 더 뽑습니다. 많아도 { $most }개입니다. 그래서 이름 대신 번호만 적어 둡니다.
remember-label = 네, 적어 두고 전에 적은 것도 세어 주세요
details-submit = 다음

## 확인
check-heading = 이대로 신청할까요?
check-heading-change = 이대로 바꿀까요?
check-contact = 이메일이나 전화번호
check-want = 사고 싶은 돈
check-price = 내가 내는 돈
check-wish = 좋은 시간
check-lots = 제비 { $lots }개. 자리를 못 받은 적: { $misses }번
check-change = 고치기
check-until = { $at }까지 바꾸거나 그만둘 수 있습니다. 바꿔도 나쁜 일은 없습니다.
check-twice = 두 번 눌러도 신청은 하나만 됩니다.
check-submit = 신청하기
check-submit-change = 바꾼 대로 신청하기

## 내 신청
mine-heading = 내 신청
mine-fresh = 신청이 되었습니다
mine-fresh-text = 신청을 잘 받아 두었습니다. 빨리 해도 더 좋지 않고, 늦게 해도 더 나쁘지 않습니다.
mine-status = 지금 어떤가요
mine-entered-open = 신청이 되어 있습니다. 아직 뽑지 않았습니다.
mine-entered-closed = 신청한 사람 목록에 들어 있습니다. 결과를 기다려 주세요.
mine-assigned = 사는 시간이 정해졌습니다. 이 시각부터 살 수 있습니다.
mine-your-turn = 지금 살 수 있습니다.
mine-over = 사는 시간이 지났습니다.
mine-start = 내가 사는 시간
mine-until = 언제까지 사야 하나요
mine-until-text = { $at }까지
mine-amount = 살 수 있는 돈
mine-price = 내가 내는 돈
mine-rank = 뽑힌 차례
mine-rank-text = 신청 { $count }건 가운데 { $rank }
mine-seller = 사는 곳
mine-no-hurry = 서두르지 않아도 됩니다. 정해진 때까지는 내 몫을 다른 분께 드리지 않습니다.
mine-waitlisted = 이번에는 자리가 없었습니다. 기다리는 번호가 있습니다.
mine-position = 기다리는 번호
mine-position-text = 기다리는 { $count }건 가운데 { $position }
mine-waitlisted-next = 자리가 나면 번호 차례대로 알려 드립니다. 빨리 누르는 사람이 받는 것이 아닙니다. 화면을 계속 보지 않아도 됩니다.
mine-done = 다 사셨습니다.
mine-done-at = 산 때
mine-unplaced = 이번 것이 모두 끝났습니다. 끝날 때까지 자리가 나지 않았습니다.
mine-lapsed = 정해진 때까지 사지 않아서 내 자리가 끝났습니다.
mine-ended-next = 다음에 다시 신청할 수 있습니다. 이번 일 때문에 나빠지는 것은 없습니다.
mine-withdrawn = 신청을 그만두셨습니다.
mine-withdrawn-at = 그만둔 때
mine-withdrawn-open = { $at }까지 다시 신청할 수 있습니다. 접수번호는 그대로입니다. 뽑힐 기회도 똑같습니다.
mine-voided = 이번 것은 없던 일이 되었습니다.
mine-voided-next = 신청하신 분께 나쁜 일은 없습니다. 새로 하게 되면 처음 화면에 올립니다.
mine-fault = 고장이 나서 늦어지고 있습니다.
mine-fault-next = 신청과 자리는 그대로 있습니다. 고치면 알려 드립니다. 지금 하실 일은 없습니다.
mine-receipt = 접수번호
mine-receipt-text = 누구나 볼 수 있는 번호입니다. 이 번호만 가지고는 아무도 내 신청을 바꾸거나 대신 살 수 없습니다.
mine-recorded = 받아 적은 내용
mine-want = 고른 돈
mine-wish = 고른 시간
mine-seats = 몇 명
mine-seats-text = { $count }명
mine-weight = 제비
mine-weight-text = { $count }개. 가장 작은 것으로 정합니다
mine-entered-at = 신청한 때
mine-next = 이제 어떻게 되나요
mine-next-close = 신청이 끝납니다. 그때까지 바꾸거나 그만둘 수 있습니다.
mine-next-results = 결과를 이 화면에서 볼 수 있습니다. 알림은 한 분씩 차례로 보냅니다. 늦게 받아도 나쁜 것은 없습니다.
mine-change = 신청 바꾸기
mine-withdraw = 신청 그만두기
mine-leave-joint = 같이 하는 신청에서 나가기
mine-again = 다시 신청하기
mine-leave = 이 기기에서 내 것 지우기
mine-signed = 도장 찍힌 접수증
mine-signed-text = 신청을 받았다는 증거입니다. 잠근 목록에 내 접수번호가 없으면, 이것을 보여 주면 됩니다.
mine-download = 접수증 받기(글 파일)

## 신청이 없음
roster-heading = 명단에서 본인 확인
roster-lead = 이 회차는 시에서 만든 명단에 있는 분을 위한 것입니다. 읍·면·동에 등록된 대로 이름과 생년월일을 쓰십시오.
roster-name = 이름
roster-name-hint = 주민등록에 있는 대로 쓰십시오. 띄어쓰기는 상관없습니다.
roster-birth = 생년월일
roster-birth-hint = 예: 1960-01-31. 주민등록번호는 쓰지 마십시오.
roster-unknown-heading = 이 회차의 명단에서 찾지 못했습니다
roster-unknown-why = 이 회차에는 시에서 만든 명단에 있는 분만 함께합니다.
roster-unknown-contact = 확인하신 연락처({ $contact })로 찾아보았습니다.
roster-unknown-name = 쓰신 이름과 생년월일로 찾아보았습니다. 1분 뒤에 다시 해 볼 수 있습니다.
roster-unknown-tell = 명단에 있어야 한다고 생각하시면 { $at }까지 알려 주십시오. 연락처: { $contact }. 그때까지 명단을 바로잡을 수 있고, 그 때문에 불리해지는 것은 없습니다.
roster-unknown-late = 명단은 신청 마감 때 정해졌습니다. 명단에 있어야 했다고 생각하시면 알려 주십시오. 연락처: { $contact }.
roster-other = 다른 번호나 주소로 등록하셨습니까?
roster-only = 이 회차는 시에서 만든 명단에 있는 분을 위한 것입니다.
roster-serves = 명단에 있는 분은 신청하지 않아도 모두 함께합니다. 원하는 시간대를 말할 수 있습니다.
no-entry-heading = 여기에는 내 신청이 없습니다
no-entry-open = 지금 신청할 수 있습니다. { $at }까지 받습니다.
no-entry-announced = { $at }부터 신청할 수 있습니다.
no-entry-closed = { $at }에 신청이 끝났습니다. 다음 것은 처음 화면에 올립니다.
no-entry-other = 다른 이메일이나 전화번호로 신청했나요?
no-entry-other-link = 그것으로 확인하기

## 신청 취소
withdraw-heading = 신청을 그만둘까요?
withdraw-text = 그만두면 이번 뽑기에서 빠집니다.
withdraw-again = { $at }까지 다시 신청할 수 있습니다. 접수번호는 그대로입니다. 뽑힐 기회도 똑같습니다.
withdraw-others = 다른 분께는 아무 일도 없습니다.
withdraw-member = 내 자리만 빠집니다. 다른 분들은 그대로입니다. 그 뒤에 따로 신청할 수 있습니다.
withdraw-opener = 같이 하는 분들도 모두 빠집니다. 그분들께 알려 드립니다. 그분들은 따로 신청할 수 있습니다.
withdraw-submit = 그만두기
withdraw-keep = 그만두지 않고 돌아가기

## 같이 신청하는 사람
people-heading = 같이 신청하는 사람
people-lead = 같이 신청하면 모두 같은 시각을 받습니다. { $at }까지 바꿀 수 있습니다.
people-joint = 스스로 확인하고 같이 하는 사람
people-joint-count = 나까지 { $count }명입니다. { $most }명까지 됩니다.
people-code = 연결 부호
people-code-text = 같이 할 사람에게만 알려 주세요. 그 사람은 회차 화면에서 ‘연결 부호로 같이 하기’를 누르고 이 부호를 적습니다.
people-open = 연결 부호 받기
people-helped = 내가 대신 신청하는 사람
people-helped-text = 아이나 혼자 신청하기 어려운 분을 같이 신청합니다. 이름과 생일은 저장하지 않습니다.
people-limit-minors = 19살이 안 된 사람 { $minors }명까지 됩니다.
people-limit-adults = 어른 { $adults }명까지 됩니다.
people-limit-both = 19살이 안 된 사람 { $minors }명, 어른 { $adults }명까지 됩니다.
people-minor = { $number }번째(19살이 안 됨), { $at }에 넣음
people-adult = { $number }번째(어른), { $at }에 넣음
people-remove = 빼기
people-name = 이름
people-name-hint = 서류에 적힌 그대로
people-born = 태어난 날
people-born-hint = 보기: 2015-03-01. 주민등록번호는 적지 마세요.
people-add = 이 사람 넣기
join-heading = 연결 부호로 같이 하기
join-lead = 먼저 신청한 사람의 연결 부호를 적으면 같은 시각에 같이 삽니다. 따로 신청하지 않아도 됩니다.
join-hint = 글자와 숫자 여덟 개. 보기: 7k3m-9x2p
join-submit = 같이 하기

## 추첨 기록
record-heading = 뽑기 기록
record-lead = 이 파일이 있으면 누구나 뽑기를 처음부터 다시 계산할 수 있습니다. 사람 이름이나 전화번호는 없습니다.
record-how = 명령 두 개로 확인하기
record-how-folder = 아래 파일을 모두 한 폴더에 받습니다. 그 폴더에서 실행합니다.
record-how-1 = 파일이 바뀌지 않았는지 봅니다.
record-how-2 = 뽑기를 다시 계산해서 결과와 맞춰 봅니다.
record-verify = 이 화면에서 바로 확인하기
record-archive = 모든 파일 한 번에 받기(ZIP)
record-files = 파일

why-heading = 왜 이 시간인가요?
why-heading-waitlisted = 왜 기다려야 하나요?
why-lead = 내 제비의 차례는 신청 { $count }건 가운데 { $rank }입니다.
why-lots = 신청마다 숫자를 하나씩 뽑습니다. 이 숫자가 제비입니다. 제비가 작은 분부터 시간을 정합니다. 제비는 신청이 다 끝난 다음에 나온 숫자로 만듭니다.
why-table = 가장 작은 제비, 그리고 내 앞과 뒤의 제비
why-rank = { $rank }
why-lot = 제비
why-own = (나)
why-weight = 나는 제비 { $count }개를 뽑았습니다. 가장 작은 것으로 정합니다.
why-nobody = 아무도 제비를 고를 수 없었습니다. 언제 신청했는지, 얼마를 골랐는지, 어느 시간을 골랐는지는 제비와 상관없습니다.
why-verify = 여기에서 다시 계산해 보기
why-back = 내 신청으로 돌아가기

## 붐빌 때
busy-heading = 지금 사람이 많습니다
busy-text = 보내신 것은 아직 받지 못했습니다. 이 화면에 그대로 남아 있습니다. 다시 적지 않아도 됩니다.
busy-text-page = 화면을 바로 보여 드리지 못했습니다. 이미 받은 신청은 그대로 있습니다.
busy-wait = { $length }쯤 뒤에 아래 단추를 눌러 주세요.
busy-seconds = { $seconds }초
busy-again = 다시 보내기
busy-open = 다시 열기

## 다른 문제
problem-nothing-lost = 이미 받은 신청은 그대로 있습니다. 없어진 것은 없습니다.
problem-reference = 전화할 때 알려 주실 번호: { $reference }
problem-next-home = 처음 화면으로 가기
problem-next-form = 새로 적기
problem-next-identity = 내가 누구인지 확인하기
problem-next-round = 안내 보기
problem-not-found = 그런 화면은 없습니다
problem-not-found-text = 주소가 틀렸거나 화면이 없어졌습니다.
problem-bad-request = 보내신 것을 읽지 못했습니다
problem-bad-request-text = 다 오지 않은 것이 있습니다. 처음부터 다시 해 주세요.
problem-form-too-old = 너무 오래 열어 두었습니다
problem-form-too-old-text = 안전을 위해 오래된 것은 받지 않습니다. 새로 열어서 다시 보내 주세요.
problem-signed-out = 내가 누구인지 확인해 주세요
problem-signed-out-text = 아직 확인하지 않았거나, 확인한 지 오래되었습니다. 다시 확인하면 이어서 할 수 있습니다.
problem-wrong-method = 이 화면은 이렇게 열 수 없습니다
problem-wrong-method-text = 처음 화면에서 다시 시작해 주세요.
problem-too-large = 보내신 것이 너무 큽니다
problem-too-large-text = 너무 커서 받지 않았습니다.
problem-too-slow = 끝까지 오지 않았습니다
problem-too-slow-text = 인터넷이 느려서 중간에 멈췄습니다. 인터넷을 살핀 다음 다시 해 주세요.
problem-not-open = 아직 신청하는 때가 아닙니다
problem-not-open-text = { $at }부터 신청할 수 있습니다. 빨리 신청해도 더 좋은 것은 없습니다. 편한 때에 오세요.
problem-closed = 신청이 끝났습니다
problem-closed-text = { $at }에 신청이 끝났습니다. 그 전에 받은 신청은 그대로 있습니다.
problem-internal = 저희 쪽에 문제가 생겼습니다
problem-internal-text = 조금 뒤에 다시 해 주세요. 또 안 되면 물어볼 곳에 알려 주세요.

## 운영 상황
status-heading = 지금 잘 되고 있나요
status-ok = 모두 잘 되고 있습니다.
status-bad = 고장이 나서 고치고 있습니다. 이미 받은 신청과 자리는 그대로 있습니다. 지금 하실 일은 없습니다.
status-at = { $at } 현재
status-rounds = 지금 하는 것

## 시에서 보낸 알림이 맞습니까
footer-sent = 이 알림, 시에서 보낸 것인가요?
sent-heading = 이 알림, 시에서 보낸 것인가요?
sent-lead = 저희가 보내는 메일과 문자에는 확인번호가 있습니다. 그 번호를 적어 주세요. 저희가 보낸 것인지 알려 드립니다.
sent-label = 확인번호 8자리
sent-hint = 이렇게 적습니다: 7K3M-9QXA. 가운데 줄은 없어도 됩니다.
sent-submit = 확인
sent-yes = 네, 저희가 보냈습니다
sent-no = 저희가 보낸 것이 아닙니다
sent-typed = 적으신 번호
sent-of = 무슨 알림인가요
sent-day = 보낸 날
sent-nothing = 없음
sent-of-entry = 신청했거나, 바꾸었거나, 그만둔 것
sent-of-seal = 신청한 사람 목록을 잠근 것
sent-of-result = 뽑기 결과
sent-of-void = 없던 일이 된 것
sent-of-change = 사는 시간
sent-yes-next = 알림의 내용은 ‘내 신청’에서 다시 볼 수 있습니다. 받은 알림이 위와 다르거나, 무엇을 누르라고 하면 물어볼 곳에 알려 주세요.
sent-no-next = 번호를 다시 봐 주세요. 그래도 아니면 그 메일이나 문자에 답하지 마세요. 아무것도 누르지 말고 지워 주세요. 아래 물어볼 곳이나 전화 118에 알려 주세요.
sent-know = 저희는 이렇게 보냅니다
sent-know-links = 누르는 주소를 보내지 않습니다.
sent-know-money = 돈, 통장 번호, 주민등록번호를 묻지 않습니다.
sent-know-code = 확인 숫자 6개를 보내는 메일과 문자에는 확인번호가 없습니다. 확인 숫자는 방금 직접 달라고 했을 때만 갑니다.

## 이메일 그만 받기
unsubscribe-heading = 이메일을 그만 받을까요?
unsubscribe-heading-done = 이제 이메일을 보내지 않습니다
unsubscribe-entry = 신청은 그대로 있습니다. 신청을 그만두는 것이 아닙니다.
unsubscribe-instead = 휴대전화 번호를 알려 주셨으면 문자로 알려 드립니다. 아니면 담당자가 따로 연락할 사람 목록에 넣습니다.
unsubscribe-none = 결과와 사는 시간은 이 누리집의 ‘내 신청’에서 언제나 볼 수 있습니다.
unsubscribe-submit = 이메일 그만 받기
unsubscribe-keep = 계속 받기
unsubscribe-again = 다시 이메일로 받기

## 양식의 오류
error-channel-missing = 숫자를 어디로 받을지 골라 주세요
error-email-missing = 이메일 주소를 적어 주세요
error-name-missing = 이름을 쓰십시오.
error-birth-invalid = 연도 네 자리를 넣어 생년월일을 쓰십시오. 예: 1960-01-31
error-roster-wait = 1분 뒤에 다시 해 주십시오.
error-email-invalid = 이메일 주소를 name@example.com처럼 적어 주세요
error-phone-missing = 휴대전화 번호를 적어 주세요
error-phone-invalid = 휴대전화 번호를 010-0000-0000처럼 적어 주세요
error-consent-missing = 신청하려면 동의해 주세요
error-code-missing = 받은 숫자를 적어 주세요
error-code-wrong = 숫자가 맞지 않습니다. { $tries }번 더 적을 수 있습니다
error-code-expired = 숫자를 쓸 수 있는 시간이 지났습니다. 숫자를 다시 받아 주세요
error-code-too-many = 숫자가 여러 번 틀렸습니다. 숫자를 다시 받아 주세요
error-code-too-often = 숫자를 여러 번 받으셨습니다. 조금 뒤에 다시 받아 주세요
error-want-missing = 얼마를 살지 골라 주세요
error-want-not-offered = 목록에 있는 돈 가운데서 골라 주세요
error-want-over-cap = 한 사람이 살 수 있는 돈은 { $cap }까지입니다
error-wish-twice = 같은 시간을 두 번 골랐습니다. 다른 시간을 골라 주세요
error-wish-unknown = 목록에 있는 시간 가운데서 골라 주세요
error-wish-elsewhere = 그 시간에는 살 수 없습니다. 내가 살 수 있는 날: { $days }. 이 가운데에서 고르세요
error-birth-year-missing = 태어난 해를 적어 주세요
error-birth-year-invalid = 태어난 해를 숫자 네 개로 적어 주세요. 보기: 1987
error-birth-year-age = 이번에는 신청할 수 있는 나이가 아닙니다
error-answer-missing = 답해 주세요: { $label }
error-answer-not-offered = 목록에서 답을 고르세요
error-answer-unlisted = 명단에 이것이 없습니다: { $label }. 물어볼 곳에 말해 주세요
error-person-name-missing = 이름을 적어 주세요
error-name-invalid = 이름을 글자로만 적어 주세요
error-born-missing = 태어난 날을 적어 주세요
error-born-invalid = 태어난 날을 이렇게 적어 주세요. 보기: 2015-03-01
error-person-full = 더 넣을 수 없습니다
error-person-elsewhere = 이미 다른 신청에 들어 있는 사람입니다. 한 사람은 한 번만 신청할 수 있습니다
error-link-missing = 연결 부호를 적어 주세요
error-link-wrong = 이 연결 부호가 맞지 않습니다. 알려 준 사람에게 다시 물어보세요
error-link-too-many = 너무 여러 번 적었습니다. 한 시간 뒤에 다시 해 주세요
error-link-full = 그 신청에는 더 들어갈 수 없습니다
error-link-own = 이미 따로 신청했습니다. 그 신청을 먼저 취소해 주세요
error-link-elsewhere = 이미 다른 신청에 같이 하고 있습니다. 거기에서 먼저 나와 주세요
error-link-others = 그 신청에는 답이 같은 사람만 들어갈 수 있습니다. 따로 신청해 주세요
error-resident-number = 주민등록번호는 적지 마세요
error-form-too-old = 너무 오래 열어 두었습니다. 다시 보고 다시 보내 주세요
error-round-not-open = 아직 신청하는 때가 아닙니다. { $at }부터 신청할 수 있습니다
error-round-closed = { $at }에 신청이 끝났습니다. 그 전에 받은 신청은 그대로 있습니다

## 메일
mail-sender = { $municipality }에서 보냅니다.
mail-no-links = 이 메일에는 누르는 주소가 없습니다. 주소를 누르라고 하면 저희가 보낸 것이 아닙니다.
mail-site = 직접 보시려면: { $site }
mail-contact = 물어볼 곳: { $contact }
mail-title = 이름: { $title }
mail-told-code = 확인번호: { $code } (누리집의 “이 알림, 시에서 보낸 것인가요?”에 적으면 저희가 보낸 것인지 알 수 있습니다.)
invite-summary = { $title } 사는 시간 ({ $amount })
invite-text = 이때까지 사세요: { $until }. 접수번호: { $receipt }
invite-alarm = { $title } 사는 시간이 30분 뒤입니다.
mail-receipt = 접수번호: { $receipt }
mail-want = 고른 돈: { $amount }
mail-code-subject = [{ $municipality }] 확인 숫자
mail-code = 확인 숫자: { $code }
mail-code-next = { $length } 안에 화면에 적어 주세요.
mail-code-not-you = 달라고 한 적이 없으면 이 메일은 지우세요. 신청된 것도, 바뀐 것도 없습니다.
mail-entered-subject = [{ $municipality }] 신청이 되었습니다
mail-entered = 신청이 되었습니다. 잘 받아 두었습니다. 없어지지 않습니다.
mail-entered-closes = { $at }까지 바꾸거나 그만둘 수 있습니다.
mail-entered-results = { $at }부터 결과를 볼 수 있습니다. 결과는 따로 알려 드립니다.
mail-withdrawn-subject = [{ $municipality }] 신청을 그만두셨습니다
mail-withdrawn = 신청을 그만두셨습니다. 이번 뽑기에서 빠집니다.
mail-withdrawn-next = 신청 기간에는 다시 신청할 수 있습니다. 접수번호는 그대로입니다. 뽑힐 기회도 똑같습니다.
mail-withdrawn-not-you = 그만둔 적이 없으면 물어볼 곳에 바로 알려 주세요.
mail-sealed-subject = [{ $municipality }] 신청한 사람 목록을 잠갔습니다
mail-sealed = 신청한 사람 목록을 잠갔습니다. 이제 아무도 목록을 바꿀 수 없습니다. 아직 뽑지 않았습니다.
mail-sealed-keep = 아래 글자들은 목록을 잠갔다는 도장입니다. 이 메일을 지우지 마세요. 나중에 누가 다른 목록을 보여 주면 이 메일이 증거가 됩니다. 지금 하실 일은 없습니다.
mail-voided-subject = [{ $municipality }] 이번 것은 없던 일이 되었습니다
mail-voided = 신청하신 것이 없던 일이 되었습니다. 뽑지 않습니다. 신청하신 분께 나쁜 일은 없습니다.
mail-voided-next = 까닭은 누리집 안내에서 누구나 볼 수 있습니다. 새로 하게 되면 누리집에 올립니다.
mail-assigned-subject = [{ $municipality }] 사는 시간이 정해졌습니다
mail-assigned = 뽑기로 사는 시간이 정해졌습니다.
mail-assigned-start = 사는 시간: { $at }부터
mail-assigned-until = 이때까지 사세요: { $at }
mail-assigned-amount = 살 수 있는 돈: { $amount }
mail-assigned-rank = 뽑힌 차례: 신청 { $count }건 가운데 { $rank }
mail-assigned-next = 그 시각부터 사면 됩니다. 조금 늦어도 괜찮습니다. 위에 적힌 때까지는 내 몫을 다른 분께 드리지 않습니다.
mail-waitlisted-subject = [{ $municipality }] 기다리는 번호를 알려 드립니다
mail-waitlisted = 이번에는 자리가 없었습니다. 기다리는 번호를 알려 드립니다.
mail-waitlisted-position = 기다리는 번호: { $count }건 가운데 { $position }
mail-waitlisted-next = 신청은 그대로 있습니다. 자리가 나면 번호 차례대로 알려 드립니다. 지금 하실 일은 없습니다.

## 문자: CP949 글자만 쓰고, 인증번호 문자는 90바이트를 넘지 않습니다
sms-code = [{ $municipality }] 확인 숫자 { $code }. { $length } 안에 적으세요. 남에게 알리지 마세요.
sms-told-code = 확인번호 { $code }, 확인하는 곳: { $site }
sms-entered = [{ $municipality }] { $title } 신청({ $amount })이 되었습니다. 접수번호 { $receipt }. 결과는 { $at }부터 볼 수 있습니다.
sms-withdrawn = [{ $municipality }] { $title } 신청을 그만두셨습니다. 접수번호 { $receipt }. 신청 기간에는 다시 신청할 수 있습니다.
sms-sealed = [{ $municipality }] { $title } 신청한 사람 목록을 잠갔습니다. 접수번호 { $receipt }. 하실 일은 없습니다.
sms-voided = [{ $municipality }] { $title } 이번 것은 없던 일이 되었습니다. 접수번호 { $receipt }. 나쁜 일은 없습니다. 새로 하게 되면 누리집에 올립니다.
sms-assigned = [{ $municipality }] { $title } 사는 시간은 { $start }부터입니다. 살 수 있는 돈은 { $amount }입니다. { $until }까지는 늦어도 괜찮습니다. 접수번호 { $receipt }
sms-waitlisted = [{ $municipality }] { $title } 기다리는 번호는 { $count }건 가운데 { $position }입니다. 자리가 나면 차례대로 알려 드립니다. 하실 일은 없습니다. 접수번호 { $receipt }
