interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Where a picture stands in an area: x of the area = left + scale · x of the picture. */
export interface Placement {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** As large as fits, in the middle. */
export function placementOf(picture: Extent, area: Extent): Placement {
  const scale = Math.min(area.width / picture.width, area.height / picture.height);
  return { scale, left: (area.width - scale * picture.width) / 2, top: (area.height - scale * picture.height) / 2 };
}
