"""Every call of the SDK goes through here, so that it is counted, and by its name."""
from smartsheet.exceptions import ApiError

CALLS = 0
METHODS = set()


def call(function, *args, **kwargs):
    """Counts the calls that reach the fake."""
    global CALLS
    CALLS += 1
    METHODS.add(function.__qualname__)
    return function(*args, **kwargs)


def refused(code, function, *args, **kwargs):
    """The call must be refused with this code of Smartsheet's."""
    try:
        call(function, *args, **kwargs)
    except ApiError as error:
        got = error.error.result.error_code
        assert got == code, f"{function.__name__}: {got} in place of {code}: {error.error.result.message}"
        return error.error.result
    raise AssertionError(f"{function.__name__} was not refused")


def value(row, column):
    return row.get_column(column.id).value


def named(name, held):
    """The one of this name."""
    found = [one for one in held if one.name == name]
    assert len(found) == 1, f"{len(found)} are called {name}"
    return found[0]
