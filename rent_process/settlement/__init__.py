"""From a hold to its end: payment answers, further tries, expiry. RentProcess leads the saga."""
