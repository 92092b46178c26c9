"""The office: the web site where people tell, look up, examine and decide.

It is a Django site of small rooms. `core` holds what all rooms share: the ledger, actions, texts that can be erased,
the page frame. `people` knows who may do what, `registry` what is in use, `intake` takes notifications in,
`information` carries what the office has to tell, `desk` runs it. Rooms import from rooms before them only.
Every write is an *action*:
one function, one transaction, permission checked, one event in the ledger.
"""
