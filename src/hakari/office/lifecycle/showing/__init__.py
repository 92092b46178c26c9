"""How assessments are shown: findings, questions, figures and differences as plain rows that templates only place."""
