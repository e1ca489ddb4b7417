"""The Streamlit entry: which pages there are. `streamlit run app.py`."""

from __future__ import annotations


def main() -> None:
    """Draw the page that the address names."""
    import streamlit as st

    from ui import ask, documents, figures, page, search
    from ui.text import label

    st.set_page_config(page_title=label("app"), page_icon=page.ICON, layout="wide")
    pages = {
        "ask": st.Page(ask.draw, title=label("page_ask"), default=True),
        "search": st.Page(search.draw, title=label("page_search"), url_path="search"),
        "figures": st.Page(figures.draw, title=label("page_figures"), url_path="figures"),
        "documents": st.Page(documents.draw, title=label("page_documents"), url_path="documents"),
    }
    st.session_state["pages"] = pages
    # Our own bar of links: Streamlit's hides behind a button on a phone.
    chosen = st.navigation(list(pages.values()), position="hidden")
    page.draw_bar(pages, chosen)
    page.guarded(chosen.run)()


# Reading an upload starts a fresh interpreter that imports this module under another name.
if __name__ == "__main__":
    main()
