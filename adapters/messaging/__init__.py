"""What all messengers share: their protocols, previews and supervised loops."""
