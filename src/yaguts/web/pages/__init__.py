"""One module a page. A handler reads the form, calls one service and shows the result."""
