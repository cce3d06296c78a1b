"""Stands in for ``formats.opinion_report`` until that is merged."""

import json
from typing import Any


def _estimate(share: Any, interval: Any, s: int) -> dict[str, float]:
    return {
        "share": round(float(share[s]), 5),
        "low": round(float(interval.low[s]), 5),
        "high": round(float(interval.high[s]), 5),
    }


def to_document(m: Any) -> bytes:
    st = m.statements
    statements = []
    for s, name in enumerate(m.statement_ids.tolist()):
        groups = []
        for g in m.groups:
            n = g.number
            d = st.differences
            groups.append(
                {
                    "group": n,
                    "answers": int(st.groups.answers[n, s]),
                    "agree": {
                        "share": float(st.groups.agree[n, s]),
                        "low": float(st.group_agree_interval.low[n, s]),
                        "high": float(st.group_agree_interval.high[n, s]),
                    },
                    "disagree": {
                        "share": float(st.groups.disagree[n, s]),
                        "low": float(st.group_disagree_interval.low[n, s]),
                        "high": float(st.group_disagree_interval.high[n, s]),
                    },
                    "agree_difference": {
                        "value": float(d.agree.value[n, s]),
                        "low": float(d.agree.low[n, s]),
                        "high": float(d.agree.high[n, s]),
                        "found": bool(d.agree.found[n, s]),
                    }
                    if d.tested[n, s]
                    else None,
                    "disagree_difference": {
                        "value": float(d.disagree.value[n, s]),
                        "low": float(d.disagree.low[n, s]),
                        "high": float(d.disagree.high[n, s]),
                        "found": bool(d.disagree.found[n, s]),
                    }
                    if d.tested[n, s]
                    else None,
                }
            )
        statements.append(
            {
                "id": name,
                "agree": int(st.agree[s]),
                "pass": int(st.passed[s]),
                "disagree": int(st.disagree[s]),
                "municipalities": {
                    "agree": _estimate(
                        st.municipalities.agree, st.municipalities.agree_interval, s
                    ),
                    "disagree": _estimate(
                        st.municipalities.disagree, st.municipalities.disagree_interval, s
                    ),
                },
                "inhabitants": {
                    "agree": _estimate(st.inhabitants.agree, st.inhabitants.agree_interval, s),
                    "disagree": _estimate(
                        st.inhabitants.disagree, st.inhabitants.disagree_interval, s
                    ),
                }
                if st.inhabitants
                else None,
                "consensus": {
                    "agree": float(st.consensus.agree.least[s]),
                    "disagree": float(st.consensus.disagree.least[s]),
                },
                "division": {
                    "value": float(st.division.value[s]),
                    "low": float(st.division.low[s]),
                    "high": float(st.division.high[s]),
                },
                "groups": groups,
            }
        )
    document = {
        "version": m.version,
        "seed": m.seed,
        "input": m.input_hash,
        "participants": [
            {"id": i, "position": [round(x, 5), round(y, 5)], "group": g if g >= 0 else None}
            for i, (x, y), g in zip(
                m.participants.tolist(), m.positions.tolist(), m.group.tolist(), strict=True
            )
        ],
        "groups": [
            {"number": g.number, "size": g.size, "weight": g.weight, "stability": g.stability}
            for g in m.groups
        ],
        "no_groups_because": m.no_groups_because,
        "groups_examined": m.groups_examined,
        "silhouette_threshold": m.silhouette_threshold,
        "candidates": [
            {
                "count": c.count,
                "silhouette": c.silhouette,
                "beats_shuffles": c.beats_shuffles,
                "stability": None if c.stability is None else c.stability.tolist(),
            }
            for c in m.candidates
        ],
        "participation": {
            "voted": m.participation.voted,
            "whole": m.participation.whole,
            "effective": m.participation.effective,
            "trimmed": m.participation.raking.trimmed,
            "converged": m.participation.raking.converged,
        },
        "statements": statements,
    }
    return json.dumps(document).encode()
