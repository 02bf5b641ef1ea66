"""Connected Gmail accounts: the grant, the lease, the quota, what colleagues see, and how each is doing."""
