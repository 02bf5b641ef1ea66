"""Moving a deal by hand: what its new stage asks for, what refuses, and taking it back."""
