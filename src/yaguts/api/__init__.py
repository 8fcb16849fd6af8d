"""HTTP calls of people and dispensers. A handler parses, calls one service and answers."""
