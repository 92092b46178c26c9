"""Assessment at each stage: answers, evidence, rounds, reviews, acceptances, findings, the gate."""
