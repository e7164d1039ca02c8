"""The views of the card "Explore": each looks at the segment on screen from another side."""
