"""Gmail threads of a mailbox: which deal they belong to, what is asked about them, what colleagues may see."""
