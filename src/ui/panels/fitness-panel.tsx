// The fitness curve with its title; recharts arrives when there is something to draw.

import { Suspense } from "react";
import { charts } from "../charts/index.ts";
import { Card } from "../parts/card.tsx";
import { useStudio } from "../studio.tsx";

export function FitnessPanel() {
  const { title, about, empty, select, Component } = charts["fitness-curve"];
  const data = useStudio(select);
  const drawable = data && (data.points.length > 0 || data.uniform !== undefined);
  return (
    <Card title={title} about={about} className="fitness">
      {drawable ? (
        <Suspense fallback={<div className="empty">Loading the chart…</div>}>
          <Component data={data} />
        </Suspense>
      ) : (
        <div className="empty">
          <strong>{empty}</strong>
        </div>
      )}
    </Card>
  );
}
