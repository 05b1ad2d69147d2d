/**
 * How long the car is still held. Ticks for the eye; spoken only as a time, not each second.
 * Days (a boleto's) are told by the moment at which they end: nobody reckons in 143 hours.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { useI18n } from "../../shared/i18n";
import { formatCountdown } from "../../shared/time";
import { Icon } from "../../shared/ui/icon";

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

interface CountdownProps {
  until: string;
  /** The branch's, as of every other time on the page. */
  timeZone: string;
  onEnd: () => void;
}

export function Countdown({ until, timeZone, onEnd }: CountdownProps) {
  const { t, dateTime } = useI18n();
  const end = Date.parse(until);
  const [left, setLeft] = useState(() => end - Date.now());
  const ended = useRef(false);
  useEffect(() => {
    const tick = () => {
      const rest = end - Date.now();
      setLeft(rest);
      if (rest <= 0 && !ended.current) {
        ended.current = true;
        onEnd();
      }
    };
    tick();
    const timer = window.setInterval(tick, 1000);
    return () => window.clearInterval(timer);
  }, [end, onEnd]);
  if (left <= 0) return <p class="countdown">{t("rental.hold_over")}</p>;
  return (
    <p class="countdown">
      <Icon name="clock" />
      {left > DAY_MILLISECONDS ? (
        <span>
          {t("rental.held_until")} <time dateTime={until}>{dateTime(until, timeZone)}</time>
        </span>
      ) : (
        <span>
          {t("rental.held_for")} <time role="timer">{formatCountdown(left)}</time>
        </span>
      )}
    </p>
  );
}
