// ECharts, with only what the page uses of it.

import { BarChart, CustomChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent, BrushComponent, DataZoomInsideComponent, DataZoomSliderComponent, GridComponent,
  MarkAreaComponent, MarkLineComponent, ToolboxComponent, TooltipComponent, VisualMapPiecewiseComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { colour } from "./colours.js";
import { el } from "./dom.js";

echarts.use([
  AriaComponent, BarChart, BrushComponent, CanvasRenderer, CustomChart, DataZoomInsideComponent,
  DataZoomSliderComponent, GridComponent, HeatmapChart, LineChart, MarkAreaComponent,
  MarkLineComponent, SankeyChart, ScatterChart, SVGRenderer, ToolboxComponent, TooltipComponent,
  VisualMapPiecewiseComponent,
]);

// ECharts' own option types know every chart there is; what is drawn here is checked by looking.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Option = Record<string, any>;

interface Chart {
  element: HTMLElement;
  /** `describe` says in a sentence what is seen, for those who do not see it. */
  show(option: Option, describe: string): void;
  instance(): echarts.ECharts;
}

const all = new Set<() => void>();

/** Lays all charts out again: another width, or paper. */
export function resizeAll(): void {
  for (const resize of all) resize();
}

export function chart(height: number, renderer: "svg" | "canvas" = "svg"): Chart {
  const element = el("div", { class: "chart", role: "img" });
  element.style.height = `${height}px`;
  let instance: echarts.ECharts | null = null;
  const get = (): echarts.ECharts => {
    if (instance) return instance;
    const made = echarts.init(element, null, { renderer });
    instance = made;
    const resize = (): void => made.resize({ width: "auto", height: "auto", silent: true });
    all.add(resize);
    return made;
  };
  return {
    element,
    instance: get,
    show(option, describe) {
      element.setAttribute("aria-label", describe);
      get().setOption({ animation: false, aria: { enabled: false }, ...base(), ...option },
        { notMerge: true, lazyUpdate: false });
    },
  };
}

/** Text and tooltips in the page's own manner. */
function base(): Option {
  return {
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour.text() },
    tooltip: tooltip(),
  };
}

export function tooltip(more: Option = {}): Option {
  return {
    confine: true,
    transitionDuration: 0,
    backgroundColor: colour.paper(),
    borderColor: colour.rule(),
    textStyle: { color: colour.text(), fontSize: 12 },
    ...more,
  };
}

export const axisStyle = (): Option => ({
  axisLine: { lineStyle: { color: colour.rule() } },
  axisTick: { lineStyle: { color: colour.rule() } },
  axisLabel: { color: colour.quiet(), fontSize: 12, hideOverlap: true },
  splitLine: { lineStyle: { color: colour.rule(), opacity: 0.6 } },
  nameTextStyle: { color: colour.quiet(), fontSize: 12 },
});

/** Intervals as vertical lines with short ends: places on the category axis, with low and high. */
export function whisker(intervals: [at: number, low: number, high: number][], stroke: string): Option {
  return {
    type: "custom", silent: true, z: 5, tooltip: { show: false }, encode: { x: 0, y: [1, 2] }, data: intervals,
    renderItem: (_: unknown, api: { value(i: number): number; coord(at: [number, number]): [number, number] }) => {
      const [x, low] = api.coord([api.value(0), api.value(1)]), [, high] = api.coord([api.value(0), api.value(2)]);
      const line = (x1: number, y1: number, x2: number, y2: number): Option =>
        ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 1.5 } });
      return { type: "group", children: [line(x, low, x, high), line(x - 4, low, x + 4, low), line(x - 4, high, x + 4, high)] };
    },
  };
}

export const timeAxis = (): Option => ({
  type: "time",
  ...axisStyle(),
  splitLine: { show: false },
  axisLabel: { ...axisStyle()["axisLabel"], formatter: { year: "{yyyy}", month: "{MMM}", day: "{d} {MMM}" } },
});

export const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);
