"""The command line, as `python -m survey_app`: for processes that this program starts itself."""

from survey_app.cli import main

main()
