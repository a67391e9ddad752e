"""The yearly report on paper: a frozen document in, a sealed PDF or a DOCX for drafting out, the edited text back."""
