"""The vault: one data key for each person and compartment, opened one thing at a time by a process that holds the keys.

`client` is all that the site imports. `crypto`, `keyring`, `shares`, `shredding` hold the keys and what is done with them; `wire`, `broker`,
`service`, `store`, `budgets` are the key broker (no Django in it); `backup` keeps data and keys apart.
"""
