"""Streamlit says at every look at the session that there is none outside of a page; it is not news here."""

from __future__ import annotations

import logging

logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
logging.getLogger("streamlit.runtime.state.session_state_proxy").setLevel(logging.ERROR)
