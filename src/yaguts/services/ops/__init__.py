"""What an operator needs: health, the ledger check, restores."""
