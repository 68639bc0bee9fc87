# tests/lab/expect.sh - how a case of the lab is told and held to; sourced by tests/lab/run before tests/lab/cases/*.sh

failures=0
n=0

# Run mailprobe; its report goes to $report, its exit status to $status.
probe() # ARGS...
{
	n=$((n + 1))
	report=$work/report.$n.json
	"$MAILPROBE" "$@" --ca-file "$work/ca.pem" --timeout 30 --format json >"$report" 2>"$work/stderr"
	status=$?
}

# One case: the report must satisfy every jq expression, have the exit status, and replay to the same judgement.
holds() # NAME STATUS EXPRESSION...
{
	name=$1 want=$2 why=
	shift 2
	[ "$status" = "$want" ] || why="exit status $status, want $want"
	for expression; do
		[ "$(jq -r "$expression" "$report" 2>&1)" = true ] || why="$why${why:+; }not true: $expression"
	done
	"$MAILPROBE" replay "$report" --format json >"$report.again" 2>>"$work/stderr"
	for part in sender checks targets findings verdict; do
		jq ".$part" "$report" >"$work/a" 2>&1
		jq ".$part" "$report.again" >"$work/b" 2>&1
		cmp -s "$work/a" "$work/b" || why="$why${why:+; }the replay differs in $part"
	done
	if [ -z "$why" ]; then
		echo "PASS $name"
	else
		echo "FAIL $name: $why"
		cat "$work/stderr"
		jq -c '{verdict, findings: [.findings[] | {id, status, certainty}], checks: [.checks[] | select(.status != "pass" and .status != "skip") | {id, subject, status, summary}], replies: [.targets[].sessions[] | {outcome, stage, reason, reply: .reply.lines}]}' "$report"
		failures=$((failures + 1))
	fi
}

check() # ID SUBJECT STATUS: as a jq expression
{
	echo "[.checks[] | select(.id == \"$1\" and .subject == \"$2\")] | length == 1 and .[0].status == \"$3\""
}
first() # CAUSE CERTAINTY
{
	echo ".findings[0] | .cause == \"$1\" and .certainty == \"$2\" and .status == \"fail\""
}
faults() # CAUSE...: exactly these findings of status fail or warn
{
	echo "[.findings[] | select(.status != \"info\") | .cause] | sort == ([$(printf '"%s",' "$@" | sed 's/,$//; s/""//')] | sort)"
}
sender='--ehlo mail.example.com --from sender@example.com'

