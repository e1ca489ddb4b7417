"""The Streamlit entry: which pages there are. `streamlit run app.py`."""

from __future__ import annotations


def main() -> None:
    """Draw the page that the address names."""
    import streamlit as st

    from ui import ask, documents, figures, page, search
    from ui.text import label

    st.set_page_config(page_title=label("app"), page_icon=":material/account_balance:", layout="wide")
    pages = {
        "ask": st.Page(ask.draw, title=label("page_ask"), icon=":material/forum:", default=True),
        "search": st.Page(search.draw, title=label("page_search"), icon=":material/search:", url_path="search"),
        "figures": st.Page(figures.draw, title=label("page_figures"), icon=":material/bar_chart:", url_path="figures"),
        "documents": st.Page(
            documents.draw, title=label("page_documents"), icon=":material/description:", url_path="documents"
        ),
    }
    st.session_state["pages"] = pages
    page.guarded(st.navigation(list(pages.values()), position="top").run)()
    page.draw_language()


# Reading an upload starts a fresh interpreter that imports this module under another name.
if __name__ == "__main__":
    main()
