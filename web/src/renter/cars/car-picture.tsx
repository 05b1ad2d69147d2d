/** A class's drawing; a class that has none yet shows the neutral car. */
import { useState } from "preact/hooks";
import type { CarClass } from "../../api/types";

const FALLBACK = "/cars/car.svg";

export function CarPicture({ carClass }: { carClass: CarClass | undefined }) {
  const [missing, setMissing] = useState(false);
  const source = carClass?.image_url ?? FALLBACK;
  return (
    <img
      class="car-picture"
      src={missing ? FALLBACK : source}
      alt=""
      width="320"
      height="150"
      loading="lazy"
      decoding="async"
      onError={() => setMissing(true)}
    />
  );
}
