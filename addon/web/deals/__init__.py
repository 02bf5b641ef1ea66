"""One deal's page: facts, people, playbook, threads, moves, its twin."""
