"""Reports: indicators, monthly forms, bulletins, books (台账), charts — numbers that anyone can trace."""
