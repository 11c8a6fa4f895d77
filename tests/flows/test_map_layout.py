"""Where a map's boxes stand and how its lines run, for any boxes and lines a draft may have."""

from itertools import combinations, pairwise

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.columns import Box, Line
from flows.layout import Layout, lay_out

NAMES = [f"s{number}" for number in range(9)]


def box(name: str, ports: int = 0, height: int = 60, width: int = 200) -> Box:
    return Box(name, width, height + 20 * ports, 24, tuple(height + 20 * port for port in range(ports)))


@st.composite
def drawings(draw):
    """Boxes with lines from any to any: loops, dead ends and boxes that no line leads to."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=9, unique=True))
    boxes, lines = [], []
    for name in names:
        targets = draw(st.lists(st.sampled_from(names), max_size=5))
        boxes.append(box(name, len(targets), draw(st.integers(30, 200)), draw(st.sampled_from([200, 240]))))
        lines += [Line(name, port, target) for port, target in enumerate(targets)]
    return boxes, lines


def curve(start, end):
    """Points on the way between two points of a route, which bends where both x and y change."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2
    for step in range(21):
        t = step / 20
        parts = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        yield (
            sum(part * x for part, x in zip(parts, (x0, middle, middle, x1), strict=True)),
            sum(part * y for part, y in zip(parts, (y0, y0, y1, y1), strict=True)),
        )


def runs_through(boxes, drawn: Layout):
    """The lines that run through a box."""
    for line, points in drawn.routes.items():
        for start, end in pairwise(points):
            for x, y in curve(start, end):
                for each in boxes:
                    left, top = drawn.places[each.name]
                    if left < x < left + each.width and top < y < top + each.height:
                        yield line, each.name


class LayoutTests(SimpleTestCase):
    @given(drawings())
    @settings(max_examples=150)
    def test_no_two_boxes_overlap_and_all_are_on_the_sheet(self, drawing):
        boxes, lines = drawing
        drawn = lay_out(boxes, lines)
        assert set(drawn.places) == {each.name for each in boxes}
        for one, other in combinations(boxes, 2):
            (x, y), (left, top) = drawn.places[one.name], drawn.places[other.name]
            beside = x + one.width < left or left + other.width < x
            assert beside or y + one.height < top or top + other.height < y
        for each in boxes:
            x, y = drawn.places[each.name]
            assert x > 0 and x + each.width < drawn.width and y > 0 and y + each.height < drawn.height

    @given(drawings())
    @settings(max_examples=150)
    def test_every_line_runs_from_its_port_to_its_target(self, drawing):
        boxes, lines = drawing
        drawn = lay_out(boxes, lines)
        assert set(drawn.routes) == set(lines)
        by_name = {each.name: each for each in boxes}
        for line, points in drawn.routes.items():
            (left, top), source = drawn.places[line.source], by_name[line.source]
            (end, top_of_target), target = drawn.places[line.target], by_name[line.target]
            assert points[0] == (left + source.width, top + source.ports[line.port])
            assert points[-1] == (end, top_of_target + target.entry)
            assert all(0 < x < drawn.width and 0 < y < drawn.height for x, y in points)

    @given(drawings())
    @settings(max_examples=150)
    def test_no_line_runs_through_a_box(self, drawing):
        boxes, lines = drawing
        assert list(runs_through(boxes, lay_out(boxes, lines))) == []

    @given(drawings())
    def test_the_same_drawing_has_the_same_layout(self, drawing):
        boxes, lines = drawing
        assert lay_out(boxes, lines) == lay_out(list(boxes), list(lines))

    @given(drawings())
    def test_lines_lead_to_the_right_unless_they_close_a_loop(self, drawing):
        boxes, lines = drawing
        drawn = lay_out(boxes, lines)
        backward = {line for line, points in drawn.routes.items() if points[0][0] > points[-1][0]}
        later = {name: {line.target for line in lines if line.source == name} for name in drawn.places}
        for line in backward:
            reached, waiting = set(), [line.target]
            while waiting:
                name = waiting.pop()
                if name not in reached:
                    reached.add(name)
                    waiting.extend(later[name])
            assert line.source in reached

    def test_one_line_of_boxes_stands_level(self):
        boxes = [box("a", 3), box("b", 1), box("c")]
        drawn = lay_out(boxes, [Line("a", port, "b") for port in range(3)] + [Line("b", 0, "c")])
        assert len({y for _x, y in drawn.places.values()}) == 1
        assert [x for x, _y in drawn.places.values()] == sorted(x for x, _y in drawn.places.values())

    def test_answers_that_part_do_not_cross(self):
        boxes = [box("a", 3), box("x"), box("y"), box("z")]
        drawn = lay_out(boxes, [Line("a", 0, "z"), Line("a", 1, "y"), Line("a", 2, "x")])
        assert drawn.places["z"][1] < drawn.places["y"][1] < drawn.places["x"][1]

    def test_a_line_too_far_to_follow_runs_below_everything(self):
        names = [f"n{number}" for number in range(40)]
        boxes = [box(name, 2) for name in names[:-1]] + [box(names[-1])]
        lines = [Line(one, 0, other) for one, other in pairwise(names)] + [Line("n0", 1, "n39")]
        drawn = lay_out(boxes, lines)
        lowest = max(y + 100 for _x, y in drawn.places.values())
        assert max(y for _x, y in drawn.routes[Line("n0", 1, "n39")]) > lowest
        assert list(runs_through(boxes, drawn)) == []

    def test_nothing_is_laid_out_as_nothing(self):
        drawn = lay_out([], [])
        assert drawn.places == {} and drawn.width > 0 and drawn.height > 0
