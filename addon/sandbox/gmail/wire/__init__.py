"""HTTP: connections, requests, uploads, batches, partial answers, faults, and the control endpoints."""
