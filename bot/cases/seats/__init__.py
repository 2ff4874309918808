"""The seats of a body: which one a case is offered to first, and handing a case to another one."""
