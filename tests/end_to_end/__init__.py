"""Real processes, real sockets, real kills: server, firmware and the people between."""
